package org.ocpu.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.ocpu.app.AppConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures how a server takes far more clients than it has workers. */
@Command(
        name = "overload",
        mixinStandardHelpOptions = true,
        description = {
            "Measure an overloaded server in a process of its own, in one run:",
            "calls of one client, then of many, each of which asks again as soon as it has an answer, and after a 503 when its"
                    + " Retry-After says; how long accepted and refused ones take, and questions for the server's health. The first"
                    + " seconds are not counted: code that has not run before is slow in Java."
        })
final class BenchOverloadCommand implements Callable<Integer> {
    private static final BenchRequest CALL =
            BenchRequest.call("/ocpu/library/stats/R/rnorm/json", "application/json", "{\"n\":3}");
    private static final int WARM = 1500;
    private static final int ALONE = 2000;
    private static final Duration WARM_CROWD = Duration.ofSeconds(5);

    /** Of the issue: accepted ones may take three times as long as alone and in line, refused ones 100 ms. */
    private static final int TIMES = 3;

    private static final double REFUSED_MILLIS = 100;

    @Spec
    private CommandSpec spec;

    @Option(names = "--clients", defaultValue = "200", description = "clients at once (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(names = "--seconds", defaultValue = "60", description = "for how long (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(names = "--retry-at-once", description = "who is refused asks again at once, whatever Retry-After says")
    private boolean retryAtOnce;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private PrintWriter out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        out = spec.commandLine().getOut();
        AppConfig app = AppConfig.from(settings);
        try (BenchProcess server = new BenchProcess(settings)) {
            return measure(server.address(), app) ? 0 : 1;
        }
    }

    private boolean measure(URI server, AppConfig app) throws InterruptedException {
        new BenchLoad(server, CALL, WARM).run(8);
        out.printf(
                "%-46s %8s %8s %8s %10s%n",
                "a call, over HTTP, session kept", "p50 ms", "p99 ms", "max ms", "requests/s");
        BenchLoad.Result alone = new BenchLoad(server, CALL, ALONE).run(1);
        row("1 client", alone.times(), alone.rate());
        BenchCrowd.Result warm = new BenchCrowd(server, CALL, !retryAtOnce).run(clients, WARM_CROWD);
        BenchCrowd.Result crowd = new BenchCrowd(server, CALL, !retryAtOnce).run(clients, Duration.ofSeconds(seconds));
        row(clients + " clients, accepted", crowd.accepted());
        row(clients + " clients, refused with 503", crowd.refused());
        row("health meanwhile", crowd.health());
        out.printf("Who was refused asked again %s.%n", retryAtOnce ? "at once" : "when Retry-After said");
        return bounds(alone, crowd, app, others(alone, warm, crowd));
    }

    /** Answers and errors besides those that there may be, in words. */
    private static Map<String, Integer> others(BenchLoad.Result alone, BenchCrowd.Result... crowds) {
        Map<String, Integer> all = new TreeMap<>();
        if (alone.failed() > 0) {
            all.put("failed calls of 1 client", alone.failed());
        }
        for (BenchCrowd.Result crowd : crowds) {
            crowd.others().forEach((what, count) -> all.merge(what, count, Integer::sum));
        }
        return all;
    }

    private boolean bounds(
            BenchLoad.Result alone, BenchCrowd.Result crowd, AppConfig app, Map<String, Integer> others) {
        double share = 1 + (double) app.queue() / app.maxWorkers();
        double most = TIMES * share * p99(alone.times());
        out.println();
        boolean kept = bound(
                "accepted p99 below %d x 1 client's p99 x (1 + %d waiting / %d workers)"
                        .formatted(TIMES, app.queue(), app.maxWorkers()),
                p99(crowd.accepted()),
                most);
        kept &= bound("503 at p99", p99(crowd.refused()), REFUSED_MILLIS);
        kept &= bound("health at p99", p99(crowd.health()), REFUSED_MILLIS);
        out.printf(
                "%d other answers or errors%n",
                others.values().stream().mapToInt(Integer::intValue).sum());
        others.forEach((what, count) -> out.printf("  %s: %d%n", what, count));
        out.flush();
        return kept && others.isEmpty();
    }

    private boolean bound(String what, double millis, double most) {
        boolean kept = millis < most;
        out.printf(Locale.ROOT, "%s: %.1f ms of %.1f ms%s%n", what, millis, most, kept ? "" : ", MISSED");
        return kept;
    }

    private static double p99(Histogram times) {
        return times.getValueAtPercentile(99) / 1000.0;
    }

    private void row(String what, Histogram times) {
        row(what, times, (double) times.getTotalCount() / seconds);
    }

    private void row(String what, Histogram times, double rate) {
        out.printf(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %8.1f %10.0f%n",
                what,
                times.getValueAtPercentile(50) / 1000.0,
                p99(times),
                times.getMaxValue() / 1000.0,
                rate);
        out.flush();
    }
}
