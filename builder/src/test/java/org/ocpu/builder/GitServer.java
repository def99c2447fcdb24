package org.ocpu.builder;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/**
 * git's own HTTP server, {@code git http-backend}, on a free port, and a way to commit to what it serves. Owners' repositories can
 * be closed to all who do not show a token, and send to another address.
 */
final class GitServer implements AutoCloseable {
    private final Path root;
    private final HttpServer http;
    private volatile boolean wholeBranchesOnly;
    private volatile boolean dripping;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, URI> moved = new ConcurrentHashMap<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    GitServer(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** Makes these files the whole content of the repository's main branch and returns the commit. */
    String commit(AppName app, Map<String, String> files) throws IOException {
        Path work = work(app);
        git(work, "rm", "-rfq", "--ignore-unmatch", ".");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = work.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            if (file.getValue().startsWith("-> ")) {
                Files.createSymbolicLink(path, Path.of(file.getValue().substring(3)));
            } else {
                Files.writeString(path, file.getValue());
            }
        }
        git(work, "add", "-A");
        return commitIndex(app);
    }

    /** Gives the newest commit of the main branch another message. */
    void amend(AppName app, String message) throws IOException {
        Path work = root.resolve("work").resolve(app.toString());
        git(work, "commit", "-q", "--amend", "-m", message);
        push(app, "+HEAD:main");
    }

    /** Commits what is added and pushes the main branch. */
    String commitIndex(AppName app) throws IOException {
        git(work(app), "commit", "-q", "--allow-empty", "-m", "Change it");
        push(app, "HEAD:main");
        return git(work(app), "rev-parse", "HEAD");
    }

    /** Pushes by force from {@link #work}. */
    void push(AppName app, String what) throws IOException {
        git(work(app), "push", "-qf", bare(app).toString(), what);
    }

    /** Where a repository's files are changed. */
    Path work(AppName app) throws IOException {
        Path work = root.resolve("work").resolve(app.toString());
        if (!Files.exists(bare(app))) {
            git(root, "init", "-q", "--bare", "-b", "main", bare(app).toString());
            git(root, "init", "-q", "-b", "main", work.toString());
        }
        return work;
    }

    Path bare(AppName app) {
        return root.resolve(app + ".git");
    }

    /** From now on gives an owner's repositories only to those who show this token. */
    void close(String owner, String token) {
        String basic = Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
        tokens.put(owner, "Basic " + basic);
    }

    /** From now on sends those who ask for an owner's repositories to another server. */
    void move(String owner, URI to) {
        moved.put(owner, to);
    }

    /** From now on answers endlessly, a byte at a time. */
    void drip() {
        dripping = true;
    }

    /** All the values of the header {@code Authorization} that came. */
    List<String> shown() {
        return shown;
    }

    /** How many there were. */
    int requests() {
        return requests.get();
    }

    /** From now on fails when asked for one commit without its history. */
    void giveOutWholeBranchesOnly() {
        wholeBranchesOnly = true;
    }

    static String git(Path directory, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Pat", "-c", "user.email=pat@example.org"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (git.onExit().join().exitValue() != 0) {
            throw new IOException(command + ": " + output);
        }
        return output;
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (refuses(exchange)) {
                return;
            }
            if (dripping) {
                answerSlowly(exchange);
                return;
            }
            if (wholeBranchesOnly && plain(exchange, body).contains("deepen 1")) {
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            Process backend = backend(exchange).start();
            try (OutputStream input = backend.getOutputStream()) {
                input.write(body);
            }
            InputStream output = new BufferedInputStream(backend.getInputStream());
            int status = 200;
            for (String line = line(output); !line.isEmpty(); line = line(output)) {
                String[] header = line.split(": ", 2);
                if (header[0].equals("Status")) {
                    status = Integer.parseInt(header[1].substring(0, 3));
                } else {
                    exchange.getResponseHeaders().set(header[0], header[1]);
                }
            }
            exchange.sendResponseHeaders(status, 0);
            output.transferTo(exchange.getResponseBody());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void answerSlowly(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-git-upload-pack-advertisement");
        exchange.sendResponseHeaders(200, 0);
        byte[] packet = "0005#".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; !threads.isShutdown(); i++) {
            exchange.getResponseBody().write(packet[i % packet.length]);
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean refuses(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header != null) {
            shown.add(header);
        }
        String owner = exchange.getRequestURI().getPath().split("/")[1];
        URI elsewhere = moved.get(owner);
        if (elsewhere != null) {
            exchange.getResponseHeaders()
                    .set("Location", elsewhere + exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(302, -1);
            return true;
        }
        if (tokens.getOrDefault(owner, orEmpty(header)).equals(orEmpty(header))) {
            return false;
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
        return true;
    }

    private static String plain(HttpExchange exchange, byte[] body) throws IOException {
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        byte[] bytes = packed ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private ProcessBuilder backend(HttpExchange exchange) {
        ProcessBuilder backend = new ProcessBuilder("git", "http-backend");
        Map<String, String> cgi = backend.environment();
        cgi.put("GIT_PROJECT_ROOT", root.toString());
        cgi.put("GIT_HTTP_EXPORT_ALL", "1");
        cgi.put("REQUEST_METHOD", exchange.getRequestMethod());
        cgi.put("PATH_INFO", exchange.getRequestURI().getPath());
        cgi.put("QUERY_STRING", orEmpty(exchange.getRequestURI().getQuery()));
        cgi.put("CONTENT_TYPE", orEmpty(exchange.getRequestHeaders().getFirst("Content-Type")));
        cgi.put("HTTP_CONTENT_ENCODING", orEmpty(exchange.getRequestHeaders().getFirst("Content-Encoding")));
        cgi.put("GIT_PROTOCOL", orEmpty(exchange.getRequestHeaders().getFirst("Git-Protocol")));
        return backend;
    }

    private static String orEmpty(String value) {
        return value == null ? "" : value;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
