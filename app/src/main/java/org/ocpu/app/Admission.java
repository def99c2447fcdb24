package org.ocpu.app;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Lets {@code workers.max} requests run at once, at most {@code workers.client} of one client, and {@code workers.queue} more wait. A
 * place that becomes free goes to the waiting client of which the fewest run, and among equals to the one whose turn was longest
 * ago. When the queue is full, whoever comes is refused at once; but when its client has clearly less running and waiting than the one
 * that has most, the newest waiting request of that one is refused instead. So a flood fills no more than its own share. What the server
 * asks for itself waits beside the queue: it is bounded elsewhere, and a flood is not to fail builds. Thread-safe.
 */
final class Admission implements AutoCloseable {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    /** The weight of the newest in the moving average of how long places are held. */
    private static final double NEWEST = 0.1;

    private final int places;
    private final int placesOfOne;
    private final int queue;
    private final LongSupplier clock;
    private final long begin;

    /** The one whose turn was longest ago first; a client is here as long as something of it runs or waits. */
    private final Map<Client, Line> lines = new LinkedHashMap<>();

    private int running;
    private int waiting;
    private int mostRunning;
    private int mostWaiting;
    private long startsOfRunning;
    private double usualNanos;
    private boolean draining;
    private boolean closed;

    /** What runs and waits of one client. */
    private static final class Line {
        private int running;
        private final Deque<CompletableFuture<Place>> waiting = new ArrayDeque<>();

        int load() {
            return running + waiting.size();
        }
    }

    Admission(AppConfig config) {
        this(config.maxWorkers(), config.clientWorkers(), config.queue(), System::nanoTime);
    }

    /** @param clock nanoseconds since any moment */
    Admission(int places, int placesOfOne, int queue, LongSupplier clock) {
        this.places = places;
        this.placesOfOne = placesOfOne;
        this.queue = queue;
        this.clock = clock;
        this.begin = clock.getAsLong();
    }

    /** A request that may run until this is closed, once. */
    final class Place implements AutoCloseable {
        private final Client client;
        private final long start;
        private boolean left;

        private Place(Client client, long start) {
            this.client = client;
            this.start = start;
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /**
     * Returns when the request may run.
     *
     * @param limit how long it may wait
     * @throws OverloadedException when it may not even wait, when it has waited that long or must make room, or when this is closed
     */
    Place enter(Client client, TimeLimit limit) {
        CompletableFuture<Place> turn = line(client);
        try {
            return turn.get(limit.duration().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp(client, turn);
            throw new OverloadedException("No worker became free within " + limit + ".", pause());
        } catch (InterruptedException e) {
            giveUp(client, turn);
            Thread.currentThread().interrupt();
            throw shuttingDown();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof OverloadedException refused) {
                throw new OverloadedException(refused.getMessage(), refused.retryAfter());
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Has the request wait, also when it need not. */
    private synchronized CompletableFuture<Place> line(Client client) {
        if (closed || (draining && !client.equals(Client.SERVER))) {
            throw shuttingDown();
        }
        Line line = lines.computeIfAbsent(client, added -> new Line());
        boolean runs = running < places && line.running < placesOfOne && line.waiting.isEmpty();
        if (!runs && !client.equals(Client.SERVER) && waiting >= queue) {
            makeRoomFor(client, line);
        }
        CompletableFuture<Place> turn = new CompletableFuture<>();
        line.waiting.add(turn);
        count(client, 1);
        next();
        mostWaiting = Math.max(mostWaiting, waiting);
        return turn;
    }

    /** The server's own do not fill the queue. */
    private void count(Client client, int more) {
        if (!client.equals(Client.SERVER)) {
            waiting += more;
        }
    }

    private void makeRoomFor(Client client, Line line) {
        Optional<Map.Entry<Client, Line>> longest = lines.entrySet().stream()
                .filter(other -> !other.getKey().equals(Client.SERVER))
                .filter(other -> !other.getValue().waiting.isEmpty())
                .max(Comparator.comparingInt(other -> other.getValue().load()))
                // With a difference of one, they would only change places.
                .filter(other -> other.getValue().load() >= line.load() + 2);
        if (longest.isEmpty()) {
            forgetIfIdle(client);
            throw refusal();
        }
        waiting--;
        longest.get().getValue().waiting.removeLast().completeExceptionally(refusal());
    }

    private OverloadedException refusal() {
        return new OverloadedException(
                "All workers are busy, and %d requests wait already (workers.max = %d, workers.queue = %d). Try again in a moment."
                        .formatted(waiting, places, queue),
                pause());
    }

    private static OverloadedException shuttingDown() {
        return new OverloadedException("The server is shutting down.");
    }

    /** Gives free places to those who wait. */
    private void next() {
        while (running < places) {
            Optional<Client> next = lines.entrySet().stream()
                    .filter(line -> !line.getValue().waiting.isEmpty() && line.getValue().running < placesOfOne)
                    .min(Comparator.comparingInt(line -> line.getValue().running))
                    .map(Map.Entry::getKey);
            if (next.isEmpty()) {
                return;
            }
            start(next.get());
        }
    }

    private void start(Client client) {
        Line line = lines.remove(client);
        lines.put(client, line); // its next turn is after the others'
        Place place = new Place(client, clock.getAsLong() - begin);
        running++;
        mostRunning = Math.max(mostRunning, running);
        line.running++;
        startsOfRunning += place.start;
        count(client, -1);
        line.waiting.remove().complete(place);
    }

    private synchronized void leave(Place place) {
        if (place.left) {
            return;
        }
        place.left = true;
        running--;
        lines.get(place.client).running--;
        startsOfRunning -= place.start;
        long nanos = clock.getAsLong() - begin - place.start;
        usualNanos = usualNanos == 0 ? nanos : (1 - NEWEST) * usualNanos + NEWEST * nanos;
        forgetIfIdle(place.client);
        next();
    }

    /** Of a request that waits no longer; it may have got its place that moment. */
    private synchronized void giveUp(Client client, CompletableFuture<Place> turn) {
        Line line = lines.get(client);
        if (line != null && line.waiting.removeIf(one -> one == turn)) {
            count(client, -1);
            forgetIfIdle(client);
        } else if (turn.isDone() && !turn.isCompletedExceptionally()) {
            leave(turn.join());
        }
    }

    private void forgetIfIdle(Client client) {
        if (lines.get(client).load() == 0) {
            lines.remove(client);
        }
    }

    /**
     * When trying again is worth it: once all that wait now have had their turn, if places are held as long as lately, or as those that
     * run already are.
     */
    private synchronized Duration pause() {
        long runningNanos = running == 0 ? 0 : clock.getAsLong() - begin - startsOfRunning / running;
        double seconds = Math.max(usualNanos, (double) runningNanos) * (waiting + 1) / places / 1e9;
        return Duration.ofSeconds(Math.min(LONGEST_PAUSE.toSeconds(), Math.max(1, (long) Math.ceil(seconds))));
    }

    synchronized WorkerLoad load() {
        return new WorkerLoad(running, places, waiting, queue, lines.size());
    }

    /** The most that ran, and that waited, since this was asked the last time; at least what does now. */
    synchronized WorkerLoad takePeak() {
        WorkerLoad peak = new WorkerLoad(mostRunning, places, mostWaiting, queue, lines.size());
        mostRunning = running;
        mostWaiting = waiting;
        return peak;
    }

    /** Refuses clients that wait and whoever comes; what the server asks for itself goes on. */
    synchronized void drain() {
        draining = true;
        lines.entrySet().stream()
                .filter(line -> !line.getKey().equals(Client.SERVER))
                .map(Map.Entry::getValue)
                .forEach(Admission::refuseWaiting);
        waiting = 0;
        lines.values().removeIf(line -> line.load() == 0);
    }

    private static void refuseWaiting(Line line) {
        line.waiting.forEach(turn -> turn.completeExceptionally(shuttingDown()));
        line.waiting.clear();
    }

    /** Refuses those who wait and whoever comes; what runs has its place as long as it wants. */
    @Override
    public synchronized void close() {
        closed = true;
        lines.values().forEach(Admission::refuseWaiting);
        waiting = 0;
        lines.values().removeIf(line -> line.load() == 0);
    }
}
