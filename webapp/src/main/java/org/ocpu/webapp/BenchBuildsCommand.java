package org.ocpu.webapp;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.ocpu.builder.AppName;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.StageView;
import org.ocpu.builder.State;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures from push to live next to what cannot be left out of it, and how a crowd of pushes is taken. */
@Command(
        name = "builds",
        mixinStandardHelpOptions = true,
        description = {
            "Measure builds of a server of its own, in one run:",
            "from push to live next to git clone + R CMD INSTALL of the same package, in turns; and many pushes to many apps in any order."
        })
final class BenchBuildsCommand implements Callable<Integer> {
    private static final int SENDERS = 8;

    @Spec
    private CommandSpec spec;

    @Option(names = "--rounds", defaultValue = "10", description = "pushes to live (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--pushes", defaultValue = "200", description = "pushes in the crowd (default: ${DEFAULT-VALUE})")
    private int pushes;

    @Option(names = "--apps", defaultValue = "20", description = "apps they go to (default: ${DEFAULT-VALUE})")
    private int apps;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "a setting of the measured server")
    private Map<String, String> settings = new HashMap<>();

    private Path directory;
    private BenchServer bench;

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        directory = Files.createTempDirectory("ocpu-bench");
        settings.put("github.url", directory.resolve("github").toUri().toString());
        settings.put("mail_on", "failure");
        bench = BenchServer.start(directory, settings);
        PrintWriter out = spec.commandLine().getOut();
        pushToLive(out);
        return crowd(out) ? 0 : 1;
    }

    private void pushToLive(PrintWriter out) throws IOException, InterruptedException, ExecutionException {
        BenchRepository repository = repository("bench", "live");
        Histogram byHand = BenchLoad.histogram();
        Histogram live = BenchLoad.histogram();
        Histogram finished = BenchLoad.histogram();
        for (int round = -1; round < rounds; round++) { // the first warms the machine's caches
            LocalPush push = repository.push();
            long hand = byHand(repository, round);
            Instant begin = Instant.now();
            BuildView build =
                    bench.server().builds().finished(bench.deliver(push)).get();
            BenchServer.requireSuccess(build);
            if (round >= 0) {
                byHand.recordValue(hand);
                live.recordValue(micros(begin, end(build, "publish")));
                finished.recordValue(micros(begin, build.finishedAt().orElseThrow()));
            }
        }
        out.printf("%-46s %8s %8s%n", "a small package, one push at a time", "p50 ms", "max ms");
        row(out, "git clone + R CMD INSTALL", byHand);
        row(out, "delivery to live", live);
        row(out, "delivery to the end of the build", finished);
        out.println();
        out.flush();
    }

    private long byHand(BenchRepository repository, int round) throws IOException, InterruptedException {
        Path clone = directory.resolve("clone-" + round);
        Path library = Files.createDirectories(directory.resolve("library-" + round));
        Instant begin = Instant.now();
        BenchRepository.run(
                directory,
                List.of("git", "clone", "-q", repository.bare().toUri().toString(), clone.toString()));
        BenchRepository.run(directory, List.of("R", "CMD", "INSTALL", "--library=" + library, clone.toString()));
        return micros(begin, Instant.now());
    }

    /** Whether every app ended with its newest commit. */
    private boolean crowd(PrintWriter out) throws IOException, InterruptedException, ExecutionException {
        List<BenchRepository> repositories = new ArrayList<>();
        List<LocalPush> all = new ArrayList<>();
        for (int app = 0; app < apps; app++) {
            repositories.add(repository("owner" + app % 5, "app" + app));
        }
        for (int push = 0; push < pushes; push++) {
            all.add(repositories.get(push % apps).push());
        }
        Collections.shuffle(all);
        Histogram answers = BenchLoad.histogram();
        Instant begin = Instant.now();
        List<Long> builds = deliver(all, answers);
        Map<State, Integer> ends = new HashMap<>();
        for (long build : builds) {
            BuildView ended = bench.server().builds().finished(build).get();
            ends.merge(ended.state(), 1, Integer::sum);
            ended.failure().ifPresent(reason -> out.printf("%s: %s%n", ended.app(), reason));
        }
        Duration took = Duration.between(begin, Instant.now());
        out.printf(
                "%-46s %8s %8s %8s%n",
                "%d pushes to %d apps in any order".formatted(pushes, apps), "p50 ms", "p99 ms", "max ms");
        out.printf(
                Locale.ROOT,
                "%-46s %8.1f %8.1f %8.1f%n",
                "answer of the webhook",
                answers.getValueAtPercentile(50) / 1000.0,
                answers.getValueAtPercentile(99) / 1000.0,
                answers.getMaxValue() / 1000.0);
        long newest = repositories.stream().filter(this::isLive).count();
        out.printf(
                Locale.ROOT,
                "all built after %.1f s: %s; %d of %d apps live with their newest commit%n",
                took.toMillis() / 1000.0,
                ends.entrySet().stream()
                        .map(end -> end.getValue() + " " + end.getKey().label())
                        .sorted()
                        .collect(Collectors.joining(", ")),
                newest,
                apps);
        out.flush();
        return newest == apps;
    }

    private List<Long> deliver(List<LocalPush> all, Histogram answers) throws InterruptedException, ExecutionException {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            List<Future<Long>> sent = all.stream()
                    .map(push -> senders.submit(() -> {
                        Instant begin = Instant.now();
                        long build = bench.deliver(push);
                        synchronized (answers) {
                            answers.recordValue(micros(begin, Instant.now()));
                        }
                        return build;
                    }))
                    .toList();
            List<Long> builds = new ArrayList<>();
            for (Future<Long> one : sent) {
                builds.add(one.get());
            }
            return builds;
        } finally {
            senders.shutdown();
        }
    }

    private boolean isLive(BenchRepository repository) {
        return bench.server()
                .builds()
                .app(AppName.parse(repository.app()))
                .filter(app -> app.live().commit().equals(repository.head()))
                .isPresent();
    }

    private BenchRepository repository(String owner, String repo) throws IOException, InterruptedException {
        return new BenchRepository(directory.resolve("github"), owner, repo);
    }

    private static Instant end(BuildView build, String stage) {
        return build.stages().stream()
                .filter(one -> one.name().equals(stage))
                .findFirst()
                .flatMap(StageView::end)
                .orElseThrow();
    }

    private static long micros(Instant begin, Instant end) {
        return Duration.between(begin, end).toNanos() / 1000;
    }

    private static void row(PrintWriter out, String what, Histogram times) {
        out.printf(
                Locale.ROOT,
                "%-46s %8.0f %8.0f%n",
                what,
                times.getValueAtPercentile(50) / 1000.0,
                times.getMaxValue() / 1000.0);
    }
}
