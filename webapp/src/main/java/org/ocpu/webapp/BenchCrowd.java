package org.ocpu.webapp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends a request from many clients for some time, each from a loopback address of its own, so that they are different clients to
 * the server (Linux only). Who is refused asks again when the answer says, or at once. One-shot: one {@link #run}.
 */
final class BenchCrowd {
    private static final Duration HEALTH_PAUSE = Duration.ofMillis(50);

    private final URI server;
    private final BenchRequest request;
    private final byte[] bytes;
    private final boolean patient;
    private final Histogram accepted = BenchLoad.histogram();
    private final Histogram refused = BenchLoad.histogram();
    private final Histogram health = BenchLoad.histogram();
    private final Map<String, Integer> others = new ConcurrentHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);

    /** @param patient whether who is refused waits as long as {@code Retry-After} says */
    BenchCrowd(URI server, BenchRequest request, boolean patient) {
        this.server = server;
        this.request = request;
        this.bytes = request.bytes(server);
        this.patient = patient;
    }

    /**
     * What came of it.
     *
     * @param accepted microseconds of each request that was answered as it should be
     * @param refused of each that was answered with 503
     * @param health of each question for the server's health that was answered with 200
     * @param others how often there was another answer or a failure, by what it was
     */
    record Result(Histogram accepted, Histogram refused, Histogram health, Map<String, Integer> others) {}

    Result run(int clients, Duration time) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(clients + 1);
        List<Future<?>> running = new ArrayList<>();
        running.add(threads.submit(this::health));
        for (int i = 0; i < clients; i++) {
            int number = i;
            running.add(threads.submit(() -> client(number)));
        }
        threads.shutdown();
        Thread.sleep(time.toMillis());
        over.countDown();
        for (Future<?> client : running) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new WebappException("A client broke off: " + e.getCause(), e);
            }
        }
        return new Result(accepted, refused, health, Map.copyOf(others));
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    private Void client(int number) throws IOException, InterruptedException {
        InetAddress from = InetAddress.getByAddress(new byte[] {127, 1, (byte) (number >> 8), (byte) number});
        while (!isOver()) {
            try (BenchClient client = new BenchClient(server, from)) {
                while (!isOver() && client.isOpen()) {
                    send(client);
                }
            } catch (IOException e) {
                others.merge(e.toString(), 1, Integer::sum);
            }
        }
        return null;
    }

    private void send(BenchClient client) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        int status = client.send(bytes);
        long micros = (System.nanoTime() - begin) / 1000;
        if (status == request.status()) {
            accepted.recordValue(micros);
        } else if (status == 503) {
            refused.recordValue(micros);
            if (patient) {
                long seconds = Long.parseLong(client.header("retry-after").orElse("1"));
                over.await(seconds, TimeUnit.SECONDS);
            }
        } else {
            others.merge("status " + status, 1, Integer::sum);
        }
    }

    private Void health() throws IOException, InterruptedException {
        byte[] question = BenchRequest.get(Routes.HEALTH + "/ready").bytes(server);
        try (BenchClient client = new BenchClient(server)) {
            while (!isOver()) {
                long begin = System.nanoTime();
                int status = client.send(question);
                if (status == 200) {
                    health.recordValue((System.nanoTime() - begin) / 1000);
                } else {
                    others.merge("status " + status + " of " + Routes.HEALTH, 1, Integer::sum);
                }
                over.await(HEALTH_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        return null;
    }
}
