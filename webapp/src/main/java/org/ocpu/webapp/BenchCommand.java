package org.ocpu.webapp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.ocpu.app.Arguments;
import org.ocpu.app.Client;
import org.ocpu.app.Output;
import org.ocpu.app.RpcService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a server of its own next to what its answers cannot cost less than, all in one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchBuildsCommand.class,
            BenchOverloadCommand.class,
            BenchPagesCommand.class,
            BenchSoakCommand.class,
            BenchSyncsCommand.class
        },
        description = {
            "Measure a server of its own, with a temporary data directory.",
            "In one run: calls next to the bare cost of fork + evaluate + exit; what is read again, at 8 clients; and a plot by ggplot2 next to the"
                    + " same in a warm R."
        })
final class BenchCommand implements Callable<Integer> {
    private static final String CALL = "/ocpu/library/stats/R/rnorm/json";
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int WARM = 1500;
    private static final int PLOTS = 60;

    /** Prints the median milliseconds of drawing in an R that has drawn before. */
    private static final String WARM_R = """
            suppressMessages(library(ggplot2))
            draw <- function() evaluate::evaluate("qplot(mpg, wt, data = mtcars)", new_device = TRUE)
            for (i in 1:10) draw()
            cat(median(vapply(1:60, function(i) system.time(draw())[["elapsed"]], 0)) * 1000)
            """;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--requests",
            defaultValue = "10000",
            description = "calls at 8 clients (default: ${DEFAULT-VALUE})")
    private int requests;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private int failed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BenchServer bench = BenchServer.start(settings);
        Server server = bench.server();
        PrintWriter out = spec.commandLine().getOut();
        calls(server, out);
        out.printf("%d sessions kept%n%n", sessions(bench.data().path()));
        reads(server, out);
        plots(server, out);
        out.printf("%d failed requests%n", failed);
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private void calls(Server server, PrintWriter out) throws InterruptedException {
        BenchRequest call = BenchRequest.call(CALL, JSON, "{\"n\":3}");
        load(server, call, 8, WARM);
        title(out, "POST " + CALL + " {\"n\":3}");
        for (int clients : new int[] {1, 8}) {
            bare(server, clients, out);
            int count = clients == 1 ? Math.max(1, requests / 5) : requests;
            row(out, "over HTTP, session kept, " + clients(clients), load(server, call, clients, count));
        }
    }

    private static void bare(Server server, int atOnce, PrintWriter out) {
        Histogram times = BenchLoad.histogram();
        long begin = System.nanoTime();
        double[] cost = server.rpc().floorCost(1000, atOnce);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Arrays.stream(cost).forEach(ms -> times.recordValue((long) (ms * 1000)));
        row(
                out,
                "bare fork + evaluate + exit, " + clients(atOnce),
                new BenchLoad.Result(times, cost.length / seconds, 0));
    }

    private void reads(Server server, PrintWriter out) throws InterruptedException {
        title(out, "GET, asked for before, 8 clients");
        String value = "/ocpu/tmp/" + made(server, "base", "identity", Map.of("x", "women"));
        String plot = "/ocpu/tmp/" + made(server, "graphics", "plot", Map.of("x", "cars"));
        for (Map.Entry<String, String> read : List.of(
                Map.entry("a session's value as JSON", value + "/R/.val/json"),
                Map.entry("a data set as CSV", "/ocpu/library/MASS/data/cats/csv"),
                Map.entry("a manual page as HTML", "/ocpu/library/MASS/man/rlm/html"),
                Map.entry("a file of a package", "/ocpu/library/MASS/DESCRIPTION"),
                Map.entry("a session's plot as PNG", plot + "/graphics/1/png"))) {
            BenchRequest request = BenchRequest.get(read.getValue());
            load(server, request, 8, 10 * WARM);
            row(out, read.getKey(), load(server, request, 8, 5 * requests));
        }
        out.println();
    }

    private static String made(Server server, String name, String function, Map<String, String> form) {
        RpcService rpc = server.rpc();
        Output list = new Output(Optional.empty(), Map.of(), false);
        return rpc.by(Client.SERVER)
                .call(rpc.libraries().globalPackage(name), function, Arguments.ofForm(form), list)
                .key()
                .value();
    }

    /** Only where ggplot2 and evaluate are installed. */
    private void plots(Server server, PrintWriter out) throws IOException, InterruptedException {
        List<String> installed = server.rpc().libraries().globalPackages();
        if (!installed.containsAll(List.of("ggplot2", "evaluate"))) {
            out.println("No plots: the R packages ggplot2 and evaluate are not both installed.");
            return;
        }
        BenchRequest plot = BenchRequest.call("/ocpu/library/ggplot2/R/qplot", FORM, "x=mpg&y=wt&data=mtcars");
        load(server, plot, 1, 20);
        title(out, "ggplot2::qplot(mpg, wt, data = mtcars)");
        out.printf(Locale.ROOT, "%-46s %8.1f%n", "evaluated in a warm R", warmR());
        row(out, "POST, session with its plot kept, 1 client", load(server, plot, 1, PLOTS));
        out.printf(
                "%-46s %8d MB%n",
                "memory of all engines of packages", server.rpc().engineMemory() >> 20);
    }

    private static double warmR() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("Rscript", "--vanilla", "-e", WARM_R)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = process.inputReader()) {
            String median = output.readLine();
            if (process.waitFor() != 0 || median == null) {
                throw new WebappException("R cannot draw with ggplot2.");
            }
            return Double.parseDouble(median);
        }
    }

    private BenchLoad.Result load(Server server, BenchRequest request, int clients, int count)
            throws InterruptedException {
        BenchLoad.Result result = new BenchLoad(server.address(), request, count).run(clients);
        failed += result.failed();
        return result;
    }

    private static String clients(int number) {
        return number == 1 ? "1 client" : number + " clients";
    }

    private static void title(PrintWriter out, String title) {
        out.printf("%-46s %8s %8s %10s%n", title, "p50 ms", "p99 ms", "requests/s");
        out.flush();
    }

    private static void row(PrintWriter out, String what, BenchLoad.Result result) {
        out.printf(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %10.0f%n",
                what,
                result.times().getValueAtPercentile(50) / 1000.0,
                result.times().getValueAtPercentile(99) / 1000.0,
                result.rate());
        out.flush();
    }

    private static long sessions(Path directory) throws IOException {
        try (Stream<Path> shards = Files.walk(directory.resolve("sessions"), 2)) {
            return shards.filter(path -> path.getFileName().toString().matches("x0[0-9a-f]{8,}"))
                    .count();
        }
    }
}
