package org.ocpu.webapp;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ocpu.app.DaemonThreads;

/**
 * {@code /health/live} and {@code /health/ready}, for those who start the server again or send it requests. Looks at the parts once a
 * second, on a thread of its own, so that an answer waits for nothing.
 */
final class Health implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private final Supplier<List<String>> parts;
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("health"));
    private final Future<?> looks;
    private volatile Look last;

    private record Look(long nanos, List<String> problems) {}

    /**
     * Looks once, and again and again until this is closed.
     *
     * @param parts tells what is wrong with them, a sentence each
     */
    Health(Supplier<List<String>> parts) {
        this.parts = parts;
        look();
        this.looks =
                looking.scheduleWithFixedDelay(this::look, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<String> problems;
        try {
            problems = List.copyOf(parts.get());
        } catch (Throwable e) { // also an error: otherwise this was the last look
            problems = List.of(
                    Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName()));
        }
        last = new Look(System.nanoTime(), problems);
    }

    /** The process answers. */
    void live(Context ctx) {
        answer(ctx, "ok");
    }

    /** @throws NotReadyException naming what is missing */
    void ready(Context ctx) {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new NotReadyException(String.join(" ", problems));
        }
        answer(ctx, "ready");
    }

    /** What the last look found. */
    List<String> problems() {
        Look look = last;
        Duration age = Duration.ofNanos(System.nanoTime() - look.nanos());
        return age.compareTo(LONGEST_LOOK) > 0
                ? List.of("Whether all parts work is not known for " + age.toSeconds() + " s: one does not answer.")
                : look.problems();
    }

    private static void answer(Context ctx, String status) {
        ctx.header("Cache-Control", "no-store");
        if (Objects.requireNonNullElse(ctx.header("Accept"), "").contains("application/json")) {
            ctx.json(Map.of("status", status));
        } else {
            Answers.text(ctx, status + "\n");
        }
    }

    @Override
    public void close() {
        looks.cancel(true);
        looking.shutdown();
    }
}
