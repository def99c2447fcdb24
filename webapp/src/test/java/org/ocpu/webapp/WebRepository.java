package org.ocpu.webapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A {@link TestRepository} on HTTP; it tells what it was asked for, and can keep those who ask waiting. */
final class WebRepository implements AutoCloseable {
    private final Path root;
    private final TestRepository packages;
    private final InetSocketAddress address;
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer http;

    /** Not up yet, at an address where nobody else is. */
    WebRepository(Path root) throws IOException {
        this.root = root;
        this.packages = new TestRepository(root);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(free.getInetAddress(), free.getLocalPort());
        }
    }

    WebRepository up() throws IOException {
        http = HttpServer.create(address, 0);
        http.setExecutor(threads);
        http.createContext("/", this::answer);
        http.start();
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + address.getPort();
    }

    /** As {@link TestRepository#add(Path...)}. */
    void add(Path... sources) throws IOException {
        packages.add(sources);
    }

    /** As {@link TestRepository#source}. */
    Path source(String name, String version, String fields, String code, Map<String, String> files) throws IOException {
        return packages.source(name, version, fields, code, files);
    }

    /** Who asks for that file gets no answer until the latch is down; earlier requests of it no longer count. */
    CountDownLatch hold(String file) {
        asked.removeIf(path(file)::equals);
        CountDownLatch latch = new CountDownLatch(1);
        held.put(path(file), latch);
        return latch;
    }

    private static String path(String file) {
        return "/src/contrib/" + file;
    }

    /** How many requests there were. */
    int requests() {
        return asked.size();
    }

    /** How many requests there were of that file. */
    long requests(String file) {
        return asked.stream().filter(path(file)::equals).count();
    }

    /** Waits until somebody asks for that file. */
    void awaitRequest(String file) {
        while (requests(file) == 0) {
            Thread.onSpinWait();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            if (held.containsKey(path)) {
                held.get(path).await();
            }
            Path file = root.resolve(path.substring(1));
            if (Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(200, Files.size(file));
                Files.copy(file, exchange.getResponseBody());
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (http != null) {
            http.stop(0);
        }
        threads.shutdownNow();
    }
}
