package org.ocpu.webapp;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls of all kinds of a {@link BenchMix} from some clients, and calls that end by their time limit from others. One-shot: one {@link #run}. */
final class BenchSoak {
    private static final int CLIENTS = 8;

    private final URI server;
    private final AtomicInteger calls;
    private final AtomicInteger timeouts;
    private final Map<String, Integer> wrong = new ConcurrentHashMap<>();

    BenchSoak(URI server, int calls, int timeouts) {
        this.server = server;
        this.calls = new AtomicInteger(calls);
        this.timeouts = new AtomicInteger(timeouts);
    }

    /** One client's work. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** How often what was wrong. */
    Map<String, Integer> run() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(2 * CLIENTS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(start(threads, this::calls));
            running.add(start(threads, this::timeouts));
        }
        threads.shutdown();
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new WebappException("A client broke off: " + e.getCause(), e);
            }
        }
        return Map.copyOf(wrong);
    }

    private static Future<?> start(ExecutorService threads, Work work) {
        return threads.submit(() -> {
            work.run();
            return null;
        });
    }

    private void calls() throws IOException {
        try (BenchMix mix = new BenchMix(server)) {
            while (calls.getAndDecrement() > 0) {
                count(mix.next());
            }
        }
    }

    private void timeouts() throws IOException {
        try (BenchClient client = new BenchClient(server)) {
            for (int left = timeouts.getAndDecrement(); left > 0; left = timeouts.getAndDecrement()) {
                BenchRequest request = BenchMix.timeout(left);
                int status = client.send(request.bytes(server));
                count(status == request.status() ? "" : "timeout: status " + status);
            }
        }
    }

    private void count(String what) {
        if (!what.isEmpty()) {
            wrong.merge(what, 1, Integer::sum);
        }
    }
}
