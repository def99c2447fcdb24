package org.ocpu.webapp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a sync next to what R does by itself, and one that has nothing to do. */
@Command(
        name = "syncs",
        mixinStandardHelpOptions = true,
        description = {
            "Measure syncs of a server of its own, in one run, with a repository of its own:",
            "30 small packages into an empty library next to a serial install.packages of the same, in turns;"
                    + " and runs with nothing to do where the index is long."
        })
final class BenchSyncsCommand implements Callable<Integer> {
    private static final String SYNC = "cran";

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", defaultValue = "3", description = "installations (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--checks",
            defaultValue = "10",
            description = "runs with nothing to do, of each kind (default: ${DEFAULT-VALUE})")
    private int checks;

    @Option(
            names = "--listed",
            defaultValue = "20000",
            description = "packages in the long index (default: ${DEFAULT-VALUE})")
    private int listed;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private Path directory;
    private BenchServer bench;
    private ApiClient client;

    @Override
    public Integer call() throws IOException, InterruptedException {
        directory = Files.createTempDirectory("ocpu-bench");
        try (BenchCran cran = new BenchCran(directory)) {
            settings.put("sync.cran.repos", cran.url().toString());
            settings.put("sync.cran.packages", String.join(", ", BenchCran.names()));
            settings.putIfAbsent("sync.cran.parallel", "2");
            bench = BenchServer.start(directory, settings);
            client = client();
            PrintWriter out = spec.commandLine().getOut();
            install(cran, out);
            nothingToDo(cran, out);
        }
        return 0;
    }

    private void install(BenchCran cran, PrintWriter out) throws IOException, InterruptedException {
        Histogram byHand = BenchLoad.histogram();
        Histogram synced = BenchLoad.histogram();
        for (int round = 0; round < rounds; round++) {
            if (round > 0) {
                bench.startAnew();
                client = client();
            }
            if (round % 2 == 0) { // neither always finds the caches that the other one has warmed
                byHand.recordValue(byHand(cran, round));
                synced.recordValue(sync("added"));
            } else {
                synced.recordValue(sync("added"));
                byHand.recordValue(byHand(cran, round));
            }
        }
        out.printf(
                "%-50s %8s %8s%n",
                "%d small packages, %d with C code, empty library".formatted(BenchCran.PACKAGES, BenchCran.compiled()),
                "p50 s",
                "max s");
        row(out, "install.packages in R, Ncpus = 1", byHand, 1e6);
        row(out, "sync, parallel = " + settings.get("sync.cran.parallel"), synced, 1e6);
        out.printf(
                Locale.ROOT,
                "%-50s %8.2f%n%n",
                "ratio",
                (double) synced.getValueAtPercentile(50) / byHand.getValueAtPercentile(50));
        out.flush();
    }

    private void nothingToDo(BenchCran cran, PrintWriter out) throws IOException {
        Histogram changed = BenchLoad.histogram();
        Histogram unchanged = BenchLoad.histogram();
        for (int check = 0; check < checks; check++) {
            cran.list(listed, check);
            changed.recordValue(sync("unchanged"));
            unchanged.recordValue(sync("unchanged"));
        }
        out.printf("%-50s %8s %8s%n", "nothing to do, %d packages in the index".formatted(listed), "p50 ms", "max ms");
        row(out, "sync, the index has changed", changed, 1e3);
        row(out, "sync, the index is the same", unchanged, 1e3);
        out.flush();
    }

    private long byHand(BenchCran cran, int round) throws IOException, InterruptedException {
        Path library = Files.createDirectories(directory.resolve("library-" + round));
        String packages = BenchCran.names().stream().map("'%s'"::formatted).collect(Collectors.joining(", "));
        String install =
                "install.packages(c(%s), '%s', repos = '%s', Ncpus = 1)".formatted(packages, library, cran.url());
        long begin = System.nanoTime();
        BenchRepository.run(directory, List.of("Rscript", "--vanilla", "-e", install));
        long took = micros(begin);
        if (BenchCran.names().stream().anyMatch(name -> !Files.isDirectory(library.resolve(name)))) {
            throw new WebappException("R did not install all packages by itself.");
        }
        return took;
    }

    /**
     * Runs the sync from the request to its end.
     *
     * @param what all packages are to be
     */
    private long sync(String what) {
        long begin = System.nanoTime();
        JsonNode started = client.post("/syncs/" + SYNC + "/run", "");
        JsonNode run = new RunFollower(client, Optional.empty())
                .call(started.path("run").asLong());
        long took = micros(begin);
        if (!run.path("state").asText().equals("succeeded") || run.path(what).asInt() != BenchCran.PACKAGES) {
            throw new WebappException(
                    "A run did not end with %d packages %s: %s".formatted(BenchCran.PACKAGES, what, run));
        }
        return took;
    }

    private ApiClient client() {
        return new ApiClient(bench.server().address(), Optional.of(new AdminToken(bench.data()).renew()));
    }

    private static long micros(long begin) {
        return (System.nanoTime() - begin) / 1_000;
    }

    private static void row(PrintWriter out, String what, Histogram micros, double unit) {
        out.printf(
                Locale.ROOT,
                unit == 1e3 ? "%-50s %8.0f %8.0f%n" : "%-50s %8.1f %8.1f%n",
                what,
                micros.getValueAtPercentile(50) / unit,
                micros.getMaxValue() / unit);
    }
}
