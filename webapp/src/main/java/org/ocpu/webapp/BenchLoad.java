package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Sends a request from several clients at once. One-shot: one {@link #run}. */
final class BenchLoad {
    private final URI server;
    private final BenchRequest request;
    private final AtomicInteger left;
    private final AtomicInteger failed = new AtomicInteger();
    private final Histogram times = histogram();

    BenchLoad(URI server, BenchRequest request, int count) {
        this.server = server;
        this.request = request;
        this.left = new AtomicInteger(count);
    }

    /** Microseconds of each request. */
    static Histogram histogram() {
        return new ConcurrentHistogram(3_600_000_000L, 3);
    }

    /**
     * What came of it.
     *
     * @param times microseconds of each request
     * @param rate requests a second
     * @param failed requests that were answered otherwise than they should
     */
    record Result(Histogram times, double rate, int failed) {}

    Result run(int clients) throws InterruptedException {
        int count = left.get();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Future<?>> running = new ArrayList<>();
        long begin = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            running.add(threads.submit(this::client));
        }
        threads.shutdown();
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new WebappException("A client broke off: " + e.getCause(), e);
            }
        }
        return new Result(times, count / ((System.nanoTime() - begin) / 1e9), failed.get());
    }

    private void client() {
        byte[] bytes = request.bytes(server);
        try (BenchClient client = new BenchClient(server)) {
            while (left.getAndDecrement() > 0) {
                long begin = System.nanoTime();
                if (client.send(bytes) != request.status()) {
                    failed.incrementAndGet();
                }
                times.recordValue((System.nanoTime() - begin) / 1000);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
