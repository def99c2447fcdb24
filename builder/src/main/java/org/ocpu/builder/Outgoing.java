package org.ocpu.builder;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.ocpu.app.DaemonThreads;
import org.ocpu.builder.OutgoingStore.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps posts to other servers in the database and sends them when it can. Thread-safe.
 *
 * <ul>
 *   <li>A post whose transaction is committed is sent at least once, also after a crash: an answer that is lost sends it again.
 *   <li>Of one topic only the newest post is sent, and never two at once, so that no older one arrives after a newer one.
 *   <li>A server that cannot take it now is asked again after growing pauses, and after those it asks for itself, until the
 *       post expires; a refusal is final. Both are logged.
 *   <li>Of each kind at most {@value #AT_ONCE} are underway, so that a server that hangs does not hold up the other kind.
 * </ul>
 */
final class Outgoing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outgoing.class);
    private static final int AT_ONCE = 2;
    private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

    private final OutgoingStore store;
    private final Map<Post.Kind, Recipient> recipients = new EnumMap<>(Post.Kind.class);
    private final Patience patience;
    private final HttpClient client = GitHubApi.client();
    private final ScheduledThreadPoolExecutor thread;
    private final Map<String, Underway> underway = new ConcurrentHashMap<>();
    private Future<?> alarm = CompletableFuture.completedFuture(null);
    private volatile boolean closing;

    /**
     * @param pause before a post is tried for the second time; doubles each time
     * @param longestPause what it grows to
     * @param answer how long a server may take to answer
     * @param closing how long what is underway may take when the server closes
     */
    record Patience(Duration pause, Duration longestPause, Duration answer, Duration closing) {
        static final Patience USUAL = new Patience(
                Duration.ofSeconds(30), Duration.ofHours(1), Duration.ofSeconds(20), Duration.ofSeconds(3));

        Duration after(int attempts) {
            Duration doubled = pause.multipliedBy(1L << Math.min(attempts - 1, 20));
            return doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
        }
    }

    /** A post on its way. */
    private record Underway(Post post, CompletableFuture<?> sent, CompletableFuture<?> settled) {}

    /** Opens the queue and takes up the posts it holds. */
    Outgoing(Jdbi jdbi, List<Recipient> recipients, Patience patience) {
        this.store = new OutgoingStore(jdbi);
        this.patience = patience;
        recipients.forEach(recipient -> this.recipients.put(recipient.kind(), recipient));
        // What comes after close() is in the database and goes out after the next start, so its sending is dropped.
        this.thread = new ScheduledThreadPoolExecutor(
                1, DaemonThreads.named("outgoing"), new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
        wake();
    }

    /** Stores a post in the caller's transaction and has it sent once that is committed. */
    void add(Handle handle, Post post) {
        store.add(handle, post);
        handle.afterCommit(this::wake);
    }

    /** Ends sending; what is underway gets a moment to arrive, all else waits for the next start. */
    @Override
    public void close() {
        closing = true;
        try {
            // once the thread has seen it, it begins nothing more
            CompletableFuture.runAsync(() -> log.debug("closing"), thread)
                    .thenCompose(seen -> allSettled())
                    .get(patience.closing().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.info("{} posts are still underway; they are sent again after the next start", underway.size());
        } catch (ExecutionException e) {
            log.error("the queue of posts did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
    }

    private CompletableFuture<Void> allSettled() {
        return CompletableFuture.allOf(
                underway.values().stream().map(Underway::settled).toArray(CompletableFuture<?>[]::new));
    }

    /** Never interrupts the thread: that would close the database's file under it. */
    private void end() {
        thread.shutdown();
        underway.values().forEach(one -> one.sent().cancel(true));
        try {
            if (!thread.awaitTermination(patience.closing().toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the queue of posts does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        thread.execute(() -> carefully(this::sendDue));
    }

    /** A full disk, say, must not keep posts from being sent for ever. */
    private void carefully(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("posts cannot be sent now", e);
            ringIn(AFTER_TROUBLE);
        }
    }

    private void sendDue() {
        if (closing) {
            return;
        }
        Instant now = OutgoingStore.now();
        recipients.values().forEach(recipient -> sendDue(recipient, now));
        store.nextAfter(now).ifPresent(next -> ringIn(Duration.between(now, next)));
    }

    /** Those left over wait for one of these to be settled. */
    private void sendDue(Recipient recipient, Instant now) {
        if (free(recipient.kind()) == 0) {
            return;
        }
        for (Row row : store.due(recipient.kind(), now, 2 * AT_ONCE)) {
            if (free(recipient.kind()) > 0 && !underway.containsKey(row.post().topic())) {
                begin(recipient, row, now);
            }
        }
    }

    private long free(Post.Kind kind) {
        return AT_ONCE
                - underway.values().stream()
                        .filter(one -> one.post().kind() == kind)
                        .count();
    }

    private void ringIn(Duration pause) {
        alarm.cancel(false);
        // a millisecond more, because the executor may wake up within the one before
        alarm = thread.schedule(() -> carefully(this::sendDue), pause.toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    private void begin(Recipient recipient, Row row, Instant now) {
        if (row.post().expires().isBefore(now)) {
            drop(row, "it is too old");
            return;
        }
        try {
            recipient
                    .request(row.post())
                    .ifPresentOrElse(
                            request -> send(row, request), () -> drop(row, "the settings do not allow it any more"));
        } catch (IllegalArgumentException e) { // its message may hold the token
            drop(row, "HTTP has no such address or no such token");
        }
    }

    private void send(Row row, HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, BoundedBody.handler());
        Future<?> limit =
                thread.schedule(() -> sent.cancel(true), patience.answer().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> settled = sent.handleAsync(
                (response, failure) -> {
                    limit.cancel(false);
                    underway.remove(row.post().topic());
                    carefully(() -> settle(row, failure == null ? answer(response) : Answer.none(failure)));
                    return null;
                },
                thread);
        underway.put(row.post().topic(), new Underway(row.post(), sent, settled));
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        return Answer.of(response, OutgoingStore.now());
    }

    private void settle(Row row, Answer answer) {
        answer.pauseUntil().ifPresent(until -> store.pause(row.post(), until));
        switch (answer.meaning()) {
            case TAKEN -> {
                store.delete(row);
                log.debug("{} has been sent", row.post());
            }
            case LATER -> retry(row, row.post().url(), answer);
            case MOVED -> {
                URI target = answer.movedTo().orElseThrow();
                if (recipients.get(row.post().kind()).mayMoveTo(target)) {
                    retry(row, target, answer);
                } else {
                    drop(row, answer.words() + " (a redirect to another address)");
                }
            }
            case REFUSED -> drop(row, answer.words());
        }
        sendDue();
    }

    private void retry(Row row, URI url, Answer answer) {
        Instant now = OutgoingStore.now();
        Instant growing = now.plus(patience.after(row.attempts() + 1));
        Instant next = answer.pauseUntil().filter(growing::isBefore).orElse(growing);
        if (next.isAfter(row.post().expires())) {
            drop(row, "given up after attempt %d: %s".formatted(row.attempts() + 1, answer.words()));
        } else if (store.retry(row, url, next, answer.words())) {
            log.warn("{} is sent again in {}: {}", row.post(), Duration.between(now, next), answer.words());
        }
    }

    private void drop(Row row, String reason) {
        store.delete(row);
        log.warn("{} is dropped: {}", row.post(), reason);
        wake();
    }
}
