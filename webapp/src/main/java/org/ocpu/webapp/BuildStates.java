package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.ocpu.app.DaemonThreads;
import org.ocpu.builder.BuildListener;
import org.ocpu.builder.BuildService;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LogSubscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client how builds change, until the client is gone or there is nothing more to tell; used once.
 *
 * <p>A thread of its own tells, so a client that is slow never holds up a build or another client: what changes meanwhile is told
 * once, as it stands then, and when that becomes too much, {@code missed} tells the client to look at all builds again. In silence it
 * sends a comment now and then, which keeps proxies from hanging up and shows whether the client is still there.
 */
final class BuildStates implements BuildListener {
    private static final Logger LOG = LoggerFactory.getLogger(BuildStates.class);
    private static final long SILENCE_MILLIS = 15_000;

    /** Builds that a client may have to catch up with. */
    static final int MOST = 200;

    private final BuildService builds;
    private final SseClient client;
    private final Predicate<BuildView> told;
    private final Function<BuildView, Map<String, ?>> json;
    private Map<Long, BuildView> changed = new LinkedHashMap<>();
    private boolean missed;
    private Optional<Map<String, ?>> end = Optional.empty();
    private boolean gone;

    /** What there is to tell at once. */
    private record News(List<BuildView> changed, boolean missed, Optional<Map<String, ?>> end, boolean gone) {
        boolean none() {
            return changed.isEmpty() && !missed && end.isEmpty();
        }
    }

    /**
     * @param told which builds the client is to hear of
     * @param json what it hears of one
     */
    BuildStates(
            BuildService builds,
            SseClient client,
            Predicate<BuildView> told,
            Function<BuildView, Map<String, ?>> json) {
        this.builds = builds;
        this.client = client;
        this.told = told;
        this.json = json;
    }

    void follow() {
        LogSubscription following = builds.follow(this);
        client.onClose(() -> {
            following.close();
            leave();
        });
        DaemonThreads.named("build-events").newThread(() -> tell(following)).start();
    }

    @Override
    public synchronized void changed(BuildView build) {
        if (!told.test(build)) {
            return;
        }
        changed.remove(build.id()); // so that what changed last is told last
        changed.put(build.id(), build);
        if (changed.size() > MOST) {
            missed();
        }
        notifyAll();
    }

    @Override
    public synchronized void missed() {
        changed.clear();
        missed = true;
        notifyAll();
    }

    @Override
    public void end() {
        leave();
    }

    /** After what there is to tell, tells the end. */
    synchronized void end(Map<String, ?> last) {
        end = Optional.of(last);
        notifyAll();
    }

    private synchronized void leave() {
        gone = true;
        notifyAll();
    }

    private void tell(LogSubscription following) {
        try {
            send(() -> client.sendComment("")); // so that the client knows that it hears all from here on
            for (News news = next(); !news.gone() && !client.terminated(); news = next()) {
                send(news);
                if (news.end().isPresent()) {
                    client.close(); // not of one that is gone: what there is to close is closed then
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // a client that has gone in the middle of an event
            LOG.debug("Telling of builds ended", e);
        } finally {
            following.close();
        }
    }

    /** Waits for something to tell, but not too long. */
    private synchronized News next() throws InterruptedException {
        long until = System.nanoTime() + SILENCE_MILLIS * 1_000_000;
        long left = SILENCE_MILLIS;
        while (changed.isEmpty() && !missed && end.isEmpty() && !gone && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        News news = new News(List.copyOf(changed.values()), missed, end, gone);
        changed = new LinkedHashMap<>();
        missed = false;
        return news;
    }

    private void send(News news) {
        if (news.none()) {
            send(() -> client.sendComment(""));
        }
        if (news.missed()) {
            send(() -> client.sendEvent("missed", Map.of()));
        }
        news.changed().forEach(build -> send(() -> client.sendEvent("state", json.apply(build))));
        news.end().ifPresent(last -> send(() -> client.sendEvent("end", last)));
    }

    /** One at a time, since lines of a log may go to the same client. */
    private void send(Runnable sending) {
        synchronized (client) {
            if (!client.terminated()) {
                sending.run();
            }
        }
    }
}
