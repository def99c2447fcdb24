package org.ocpu.builder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Somebody's program behind {@code notify.url}. */
final class NotifyReceiver implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Received> all = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour = Behaviour.TAKES;

    enum Behaviour {
        TAKES,
        HANGS,
        /** Sends its answer's headers and then nothing. */
        STALLS,
        /** Sends an answer without end. */
        TALKS,
        REDIRECTS
    }

    /** @param headers by their names in lower case */
    record Received(Map<String, String> headers, byte[] body) {
        JsonNode json() throws IOException {
            return new JsonMapper().readTree(body);
        }
    }

    NotifyReceiver() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/hook");
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    Received next() throws InterruptedException {
        Received received = all.poll(20, TimeUnit.SECONDS);
        if (received == null) {
            throw new AssertionError("no notification came");
        }
        return received;
    }

    @Override
    public void close() {
        closed.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        byte[] body = exchange.getRequestBody().readAllBytes();
        Behaviour now = behaviour;
        all.add(new Received(headers, body));
        try (exchange) {
            switch (now) {
                case TAKES -> exchange.sendResponseHeaders(204, -1);
                case HANGS -> closed.await();
                case STALLS -> {
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().flush();
                    closed.await();
                }
                case TALKS -> {
                    exchange.sendResponseHeaders(200, 0);
                    talk(exchange.getResponseBody());
                }
                case REDIRECTS -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void talk(OutputStream output) throws IOException {
        byte[] noise = new byte[10_000];
        while (!Thread.currentThread().isInterrupted()) {
            output.write(noise);
        }
    }
}
