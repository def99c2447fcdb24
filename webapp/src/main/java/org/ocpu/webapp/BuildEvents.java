package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LogListener;
import org.ocpu.builder.LogSubscription;

/**
 * Tells one client of one build until the build is finished or the client is gone; used once.
 *
 * <p>A change of state comes with lines of the log, so a line makes the state be looked at, shortly after and once for
 * many lines.
 */
final class BuildEvents implements LogListener {
    private static final Executor SOON = CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS);
    private static final Executor LATER = CompletableFuture.delayedExecutor(15, TimeUnit.SECONDS);

    private final BuildService builds;
    private final SseClient client;
    private final long build;
    private Optional<BuildView> told = Optional.empty();
    private boolean looking;

    BuildEvents(BuildService builds, SseClient client, long build) {
        this.builds = builds;
        this.client = client;
        this.build = build;
    }

    void follow(long after) {
        tellState();
        LogSubscription following = builds.follow(build, after, this);
        client.onClose(following::close);
        if (client.terminated()) {
            following.close();
        }
        LATER.execute(this::probe);
    }

    /** In silence nothing else shows that the client has gone, and proxies hang up. */
    private synchronized void probe() {
        if (!client.terminated()) {
            client.sendComment("");
            LATER.execute(this::probe);
        }
    }

    @Override
    public synchronized void line(long number, String text) {
        if (client.terminated()) {
            return;
        }
        client.sendEvent("line", Map.of("text", text), Long.toString(number));
        if (!looking) {
            looking = true;
            SOON.execute(this::tellState);
        }
    }

    @Override
    public synchronized void end() {
        tellState();
        if (!client.terminated()) {
            client.sendEvent("end", Map.of("build", build));
            client.close();
        }
    }

    private synchronized void tellState() {
        looking = false;
        Optional<BuildView> now = builds.build(build);
        if (!now.equals(told) && !client.terminated()) {
            told = now;
            now.ifPresent(view -> client.sendEvent("state", BuildJson.of(view)));
        }
    }
}
