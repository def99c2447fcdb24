package org.ocpu.webapp;

import io.javalin.http.sse.SseClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ocpu.builder.LogSubscription;
import org.ocpu.builder.SyncListener;
import org.ocpu.builder.SyncPackageView;
import org.ocpu.builder.SyncRunView;
import org.ocpu.builder.SyncService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one client of one run until the run has ended or the client is gone; used once.
 *
 * <p>A thread of its own tells, so a client that is slow never holds up the run: what changes meanwhile is told once, as it
 * stands then. In silence it sends a comment now and then, which keeps proxies from hanging up and shows whether the client is
 * still there.
 */
final class SyncEvents implements SyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(SyncEvents.class);
    private static final long SILENCE_MILLIS = 15_000;
    private static final long PAUSE_MILLIS = 200;

    private final SyncService syncs;
    private final SseClient client;
    private final long id;
    private Optional<SyncRunView> run = Optional.empty();
    private Map<String, SyncPackageView> packages = new LinkedHashMap<>();
    private boolean ended;
    private boolean gone;

    /** What there is to tell at once. */
    private record News(Optional<SyncRunView> run, List<SyncPackageView> packages, boolean ended) {
        boolean none() {
            return run.isEmpty() && packages.isEmpty() && !ended;
        }
    }

    SyncEvents(SyncService syncs, SseClient client, long id) {
        this.syncs = syncs;
        this.client = client;
        this.id = id;
    }

    void follow() {
        LogSubscription following = syncs.follow(id, this);
        client.onClose(() -> {
            following.close();
            leave();
        });
        Thread thread = new Thread(this::tell, "sync-events");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void run(SyncRunView now) {
        run = Optional.of(now);
        notifyAll();
    }

    @Override
    public synchronized void changed(SyncPackageView changed) {
        packages.put(changed.name(), changed);
        notifyAll();
    }

    @Override
    public synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized void leave() {
        gone = true;
        notifyAll();
    }

    private void tell() {
        try {
            News news = next();
            while (!client.terminated() && !news.ended()) {
                send(news);
                Thread.sleep(PAUSE_MILLIS); // for more to gather
                news = next();
            }
            send(news);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) { // a client that has gone in the middle of an event
            LOG.debug("Telling of run {} ended", id, e);
        } finally {
            if (!client.terminated()) { // one that is gone is closed, and to close it again would not end
                client.close();
            }
        }
    }

    /** Waits for something to tell, but not too long. */
    private synchronized News next() throws InterruptedException {
        long until = System.nanoTime() + SILENCE_MILLIS * 1_000_000;
        long left = SILENCE_MILLIS;
        while (run.isEmpty() && packages.isEmpty() && !ended && !gone && left > 0) {
            wait(left);
            left = (until - System.nanoTime()) / 1_000_000;
        }
        News news = new News(run, List.copyOf(packages.values()), ended);
        run = Optional.empty();
        packages = new LinkedHashMap<>();
        return news;
    }

    private void send(News news) {
        if (news.none() && !client.terminated()) {
            client.sendComment("");
        }
        news.run().ifPresent(now -> send("run", SyncJson.of(now)));
        news.packages().forEach(one -> send("package", SyncJson.of(one)));
        if (news.ended()) {
            send("end", Map.of("run", id));
        }
    }

    private void send(String event, Map<String, ?> data) {
        if (!client.terminated()) {
            client.sendEvent(event, data);
        }
    }
}
