package org.ocpu.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether a server that works for long has more of anything afterwards. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Keep a server of its own, in a process of its own, busy for long, and see whether it needs more and more.",
            "8 clients call and read, 8 others have calls end by their time limit of a second, every fourth in an endless loop; readings are"
                    + " taken at rest, the first after a tenth of it to warm up. Flat is what has not grown from the median of the first"
                    + " three readings to that of the last three by more than the table says.",
            "Needs the R package MASS."
        })
final class BenchSoakCommand implements Callable<Integer> {
    private static final long MEGABYTE = 1L << 20;
    private static final int LEAST_READINGS = 2;

    /** Before it, engines of packages are still being started. */
    private static final int LEAST_WARM = 400;

    private static final long LOOK_MILLIS = 200;
    private static final int LOOKS = 100;

    /** Small, so that what is bounded is at its bounds soon. */
    private static final Map<String, String> SETTINGS = Map.of(
            "timelimit.post", "1",
            "workers.max", "16",
            "workers.client", "16",
            "cache.memory", "4194304",
            "cache.disk", "16777216",
            "httpcache.post", "10",
            "session.space", "33554432",
            "session.cron", "0/5 * * * * ?");

    private static final List<Measure> MEASURES = List.of(
            new Measure("heap MB", BenchReading::heap, MEGABYTE, 10, 4),
            new Measure("server MB", BenchReading::server, MEGABYTE, 20, 32),
            new Measure("engines MB", BenchReading::engines, MEGABYTE, 10, 16),
            new Measure("open", BenchReading::descriptors, 1, 0, 8),
            new Measure("threads", BenchReading::threads, 1, 0, 8),
            new Measure("processes", BenchReading::processes, 1, 0, 2),
            new Measure("their open", BenchReading::engineDescriptors, 1, 10, 8),
            new Measure("dirs", BenchReading::directories, 1, 0, 64),
            new Measure("sessions", BenchReading::sessions, 1, 50, 1000));

    @Spec
    private CommandSpec spec;

    @Option(names = "--calls", defaultValue = "100000", description = "calls (default: ${DEFAULT-VALUE})")
    private int calls;

    @Option(
            names = "--timeouts",
            defaultValue = "2000",
            description = "calls that end by their time limit (default: ${DEFAULT-VALUE})")
    private int timeouts;

    @Option(names = "--readings", defaultValue = "10", description = "after the first one (default: ${DEFAULT-VALUE})")
    private int readings;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the server")
    private Map<String, String> settings = new HashMap<>();

    private final Map<String, Integer> wrong = new TreeMap<>();
    private PrintWriter out;

    /**
     * Something of a reading.
     *
     * @param unit of the value, such as bytes in a megabyte
     * @param percent that it may grow by
     * @param more units that it may grow by besides
     */
    private record Measure(String name, ToLongFunction<BenchReading> value, long unit, int percent, int more) {
        long of(BenchReading reading) {
            return value.applyAsLong(reading) / unit;
        }

        long median(List<BenchReading> some) {
            return some.stream().mapToLong(this::of).sorted().toArray()[some.size() / 2];
        }

        long most(long begin) {
            return begin + begin * percent / 100 + more;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (readings < LEAST_READINGS || calls < readings || timeouts < 0) {
            throw new WebappException(
                    "At least %d readings, and a call for each, are needed.".formatted(LEAST_READINGS));
        }
        out = spec.commandLine().getOut();
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(settings);
        try (BenchProcess server = new BenchProcess(all)) {
            work(server, Math.max(LEAST_WARM, calls / 10), timeouts / 10);
            List<BenchReading> taken = readings(server);
            boolean flat = verdict(taken);
            wrong.forEach((what, count) -> out.printf("%d times %s%n", count, what));
            out.flush();
            return flat && wrong.isEmpty() ? 0 : 1;
        }
    }

    private List<BenchReading> readings(BenchProcess server) throws IOException, InterruptedException {
        out.printf("%8s %8s", "calls", "timeouts");
        MEASURES.forEach(measure -> out.printf(" %10s", measure.name()));
        out.printf(" %8s%n", "seconds");
        List<BenchReading> taken = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i <= readings; i++) {
            if (i > 0) {
                work(server, part(calls, i), part(timeouts, i));
            }
            BenchReading reading = atRest(server);
            taken.add(reading);
            out.printf("%8d %8d", upTo(calls, i), upTo(timeouts, i));
            MEASURES.forEach(measure -> out.printf(" %10d", measure.of(reading)));
            out.printf(Locale.ROOT, " %8.0f%n", (System.nanoTime() - begin) / 1e9);
            out.flush();
        }
        return taken;
    }

    private int upTo(int all, int reading) {
        return (int) ((long) all * reading / readings);
    }

    private int part(int all, int reading) {
        return upTo(all, reading) - upTo(all, reading - 1);
    }

    private void work(BenchProcess server, int some, int late) throws InterruptedException {
        new BenchSoak(server.address(), some, late)
                .run()
                .forEach((what, count) -> wrong.merge(what, count, Integer::sum));
    }

    /** Workers end a moment after they answered, and others take their place. */
    private static BenchReading atRest(BenchProcess server) throws IOException, InterruptedException {
        List<ProcessHandle> before = List.of();
        List<ProcessHandle> now = server.handle().descendants().toList();
        for (int looks = 0; looks < LOOKS && !now.equals(before); looks++) {
            Thread.sleep(LOOK_MILLIS);
            before = now;
            now = server.handle().descendants().toList();
        }
        return BenchReading.of(server);
    }

    private boolean verdict(List<BenchReading> taken) {
        int some = Math.min(3, taken.size() / 2);
        List<BenchReading> first = taken.subList(0, some);
        List<BenchReading> last = taken.subList(taken.size() - some, taken.size());
        out.printf("%n%-12s %10s %10s %10s%n", "", "first", "last", "at most");
        boolean flat = true;
        for (Measure measure : MEASURES) {
            long begin = measure.median(first);
            long end = measure.median(last);
            boolean kept = end <= measure.most(begin);
            flat &= kept;
            out.printf(
                    "%-12s %10d %10d %10d  %s%n",
                    measure.name(), begin, end, measure.most(begin), kept ? "flat" : "NOT FLAT");
        }
        return flat;
    }
}
