package org.ocpu.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures calls over HTTP next to what they cannot cost less than, in one run, on a server of its own. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure calls over HTTP next to the bare cost of fork + evaluate + exit.",
            "Calls POST /ocpu/library/stats/R/rnorm/json with {\"n\":3}, every session kept, at 1 and at 8 clients, on a server"
                    + " of its own with a temporary data directory."
        })
final class BenchCommand implements Callable<Integer> {
    private static final String CALL = "/ocpu/library/stats/R/rnorm/json";
    private static final int WARM = 1500;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--requests",
            defaultValue = "10000",
            description = "requests at 8 clients (default: ${DEFAULT-VALUE})")
    private int requests;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private final AtomicInteger failed = new AtomicInteger();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("ocpu-bench");
        Logs.into(directory.resolve("logs"));
        settings.put("port", "0");
        Server server = Server.start(DataDirectory.open(directory), settings);
        Thread cleanUp = new Thread(() -> cleanUp(server, directory), "shutdown");
        Runtime.getRuntime().addShutdownHook(cleanUp); // also at Ctrl-C
        run(server, directory, spec.commandLine().getOut());
        return failed.get() == 0 ? 0 : 1;
    }

    private static void cleanUp(Server server, Path directory) {
        server.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Server server, Path directory, PrintWriter out) throws IOException, InterruptedException {
        load(server.address(), 8, WARM);
        out.printf("%-46s %8s %8s %10s%n", "POST " + CALL + " {\"n\":3}", "p50 ms", "p99 ms", "requests/s");
        for (int clients : new int[] {1, 8}) {
            bare(server, clients, out);
            int count = clients == 1 ? Math.max(1, requests / 5) : requests;
            long begin = System.nanoTime();
            Histogram times = load(server.address(), clients, count);
            row(out, "over HTTP, session kept, " + clients(clients), times, count / seconds(begin));
        }
        out.printf("%d failed requests, %d sessions kept%n", failed.get(), sessions(directory));
        out.flush();
    }

    private static void bare(Server server, int atOnce, PrintWriter out) {
        Histogram times = histogram();
        long begin = System.nanoTime();
        double[] cost = server.rpc().floorCost(1000, atOnce);
        double seconds = seconds(begin);
        Arrays.stream(cost).forEach(ms -> times.recordValue((long) (ms * 1000)));
        row(out, "bare fork + evaluate + exit, " + clients(atOnce), times, cost.length / seconds);
    }

    private Histogram load(URI server, int clients, int count) throws InterruptedException {
        Histogram times = histogram();
        AtomicInteger left = new AtomicInteger(count);
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            running.add(threads.submit(() -> client(server, left, times)));
        }
        threads.shutdown();
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new WebappException("A client broke off: " + e.getCause(), e);
            }
        }
        return times;
    }

    private void client(URI server, AtomicInteger left, Histogram times) {
        try (BenchClient client = new BenchClient(server, CALL, "{\"n\":3}")) {
            while (left.getAndDecrement() > 0) {
                long begin = System.nanoTime();
                if (client.send() != 201) {
                    failed.incrementAndGet();
                }
                times.recordValue((System.nanoTime() - begin) / 1000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Histogram histogram() {
        return new ConcurrentHistogram(3_600_000_000L, 3);
    }

    private static String clients(int number) {
        return number == 1 ? "1 client" : number + " clients";
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void row(PrintWriter out, String what, Histogram times, double rate) {
        out.printf(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %10.0f%n",
                what,
                times.getValueAtPercentile(50) / 1000.0,
                times.getValueAtPercentile(99) / 1000.0,
                rate);
        out.flush();
    }

    private static long sessions(Path directory) throws IOException {
        try (Stream<Path> shards = Files.walk(directory.resolve("sessions"), 2)) {
            return shards.filter(path -> path.getFileName().toString().matches("x0[0-9a-f]{8,}"))
                    .count();
        }
    }
}
