package org.ocpu.builder;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server's answer that one thread takes piece by piece, so that nothing comes faster than it is wanted; it waits for each piece
 * only so long, and not at all once it is to stop. Closing hangs up.
 */
final class PulledAnswer implements AutoCloseable {
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Body body = new Body();
    private final StopSignal stop;
    private final StopSignal.Registration registration;
    private final CompletableFuture<?> sent;
    private final CompletableFuture<?> told;

    private sealed interface Event {}

    private record Head(HttpResponse.ResponseInfo info) implements Event {}

    private record Piece(List<ByteBuffer> bytes) implements Event {}

    private record End() implements Event {}

    private record Broken(Throwable failure) implements Event {}

    private record Woken() implements Event {}

    /** Nothing came for as long as was waited. */
    static final class Silence extends IOException {
        private static final long serialVersionUID = 1L;

        private Silence(Duration patience) {
            super("nothing came for %d seconds".formatted(patience.toSeconds()));
        }
    }

    private PulledAnswer(HttpClient client, HttpRequest request, StopSignal stop) {
        this.stop = stop;
        this.sent = client.sendAsync(request, body::begin);
        this.told = sent.whenComplete((answer, failure) -> {
            if (failure != null) {
                events.add(new Broken(failure));
            }
        });
        this.registration = stop.onStop(() -> events.add(new Woken()));
    }

    static PulledAnswer to(HttpClient client, HttpRequest request, StopSignal stop) {
        return new PulledAnswer(client, request, stop);
    }

    /**
     * What it begins with; to be asked for once, before the pieces.
     *
     * @throws Silence when nothing comes
     * @throws IOException when it does not come
     */
    HttpResponse.ResponseInfo head(Duration patience) throws IOException {
        return ((Head) await(patience)).info();
    }

    /**
     * The next bytes; absent at the end.
     *
     * @throws Silence when nothing comes
     * @throws IOException when neither comes
     */
    Optional<List<ByteBuffer>> next(Duration patience) throws IOException {
        body.request();
        return await(patience) instanceof Piece piece ? Optional.of(piece.bytes()) : Optional.empty();
    }

    private Event await(Duration patience) throws IOException {
        try {
            Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            stop.check();
            if (event == null) {
                throw new Silence(patience);
            }
            if (event instanceof Broken broken) {
                throw asKnown(broken.failure());
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BuildStopped();
        }
    }

    private static IOException asKnown(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof IOException known ? known : new IOException(cause);
    }

    @Override
    public void close() {
        registration.cancel();
        told.cancel(false);
        sent.cancel(true);
        body.hangUp();
    }

    private final class Body implements HttpResponse.BodySubscriber<Void> {
        private HttpResponse.ResponseInfo info;
        private Optional<Flow.Subscription> subscription = Optional.empty();
        private boolean closed;

        private synchronized HttpResponse.BodySubscriber<Void> begin(HttpResponse.ResponseInfo begun) {
            info = begun;
            return this;
        }

        private synchronized void request() {
            subscription.orElseThrow().request(1);
        }

        private synchronized void hangUp() {
            closed = true;
            subscription.ifPresent(Flow.Subscription::cancel);
        }

        /** The answer counts as there before its bytes are, which come to {@link #onNext}. */
        @Override
        public CompletionStage<Void> getBody() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription given) {
            subscription = Optional.of(given);
            if (closed) {
                given.cancel();
            }
            events.add(new Head(info));
        }

        @Override
        public void onNext(List<ByteBuffer> bytes) {
            events.add(new Piece(bytes));
        }

        @Override
        public void onError(Throwable failure) {
            events.add(new Broken(failure));
        }

        @Override
        public void onComplete() {
            events.add(new End());
        }
    }
}
