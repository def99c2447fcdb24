package org.ocpu.builder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GitHub's REST API as its documentation describes it, as far as a build service uses it: users and commit statuses, with the
 * answers to bad tokens, unknown repositories, bad bodies and too many requests.
 */
final class FakeGitHub implements AutoCloseable {
    static final String TOKEN = "github_pat_Kept4Secret";
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern STATUSES = Pattern.compile("/repos/([^/]+/[^/]+)/statuses/([0-9a-f]{40})");
    private static final Pattern USER = Pattern.compile("/users/([^/]+)");

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> repositories = ConcurrentHashMap.newKeySet();
    private final Map<String, String> renamed = new ConcurrentHashMap<>();
    private final Map<String, String> users = new ConcurrentHashMap<>();
    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Status> statuses = new LinkedBlockingQueue<>();
    private final List<String> requests = new ArrayList<>();
    private final Semaphore hanging = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);

    /** A status somebody has set. */
    record Status(String repository, String commit, String state, String context, String description, String url) {}

    /** What the next request gets instead of its answer; status 0 for no answer at all. */
    private record Trouble(int status, Map<String, String> headers, String body) {}

    FakeGitHub() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.setExecutor(threads);
        http.start();
    }

    /** What to set {@code github.api} to. */
    URI api() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    FakeGitHub repository(String name) {
        repositories.add(name);
        return this;
    }

    void rename(String before, String now) {
        repositories.remove(before);
        repositories.add(now);
        renamed.put(before, now);
    }

    /** @param json the address as JSON: a string, or null for a user who shows none */
    void user(String login, String json) {
        users.put(login, json);
    }

    /** Answers the next requests, so many, like this. */
    void fail(int times, int status, Map<String, String> headers, String body) {
        for (int i = 0; i < times; i++) {
            troubles.add(new Trouble(status, headers, body));
        }
    }

    void fail(int times, int status) {
        fail(times, status, Map.of(), "{\"message\":\"trouble\"}");
    }

    /** Takes the next request and never answers it. */
    void hang() {
        fail(1, 0);
    }

    void awaitHanging() throws InterruptedException {
        if (!hanging.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no request came that could hang");
        }
    }

    /** Lets a request that hangs go on. */
    void letGo() {
        goOn.release();
    }

    /** The next status somebody sets. */
    Status next() throws InterruptedException {
        Status status = statuses.poll(20, TimeUnit.SECONDS);
        if (status == null) {
            throw new AssertionError("nobody set a status; requests were " + requests());
        }
        return status;
    }

    /** All requests so far: method and path. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    @Override
    public void close() {
        goOn.release(1000);
        http.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            synchronized (requests) {
                requests.add(exchange.getRequestMethod() + " " + path);
            }
            Trouble trouble = troubles.poll();
            if (trouble == null) {
                answer(exchange, path, body);
            } else if (trouble.status() > 0) {
                trouble.headers().forEach(exchange.getResponseHeaders()::set);
                send(exchange, trouble.status(), trouble.body());
            } else {
                hanging.release();
                goOn.acquire();
                answer(exchange, path, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, String path, byte[] body) throws IOException {
        Matcher status = STATUSES.matcher(path);
        Matcher user = USER.matcher(path);
        if (exchange.getRequestHeaders().getFirst("User-Agent") == null) {
            send(exchange, 403, message("Request forbidden by administrative rules"));
        } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, message("Bad credentials"));
        } else if (exchange.getRequestMethod().equals("POST") && status.matches()) {
            set(exchange, status, body);
        } else if (exchange.getRequestMethod().equals("GET") && user.matches() && users.containsKey(user.group(1))) {
            send(exchange, 200, "{\"login\":\"%s\",\"email\":%s}".formatted(user.group(1), users.get(user.group(1))));
        } else {
            send(exchange, 404, message("Not Found"));
        }
    }

    private void set(HttpExchange exchange, Matcher path, byte[] body) throws IOException {
        String repository = path.group(1);
        JsonNode json = JSON.readTree(body);
        if (renamed.containsKey(repository)) {
            String target = "/repos/%s/statuses/%s".formatted(renamed.get(repository), path.group(2));
            exchange.getResponseHeaders().set("Location", api() + target);
            send(exchange, 307, message("Temporary Redirect"));
        } else if (!repositories.contains(repository)) {
            send(exchange, 404, message("Not Found"));
        } else if (!valid(exchange, json)) {
            send(exchange, 422, message("Validation Failed"));
        } else {
            statuses.add(new Status(
                    repository,
                    path.group(2),
                    json.path("state").asText(),
                    json.path("context").asText(),
                    json.path("description").asText(),
                    json.path("target_url").asText()));
            send(exchange, 201, "{}");
        }
    }

    private static boolean valid(HttpExchange exchange, JsonNode json) {
        return "application/vnd.github+json".equals(exchange.getRequestHeaders().getFirst("Accept"))
                && "2022-11-28".equals(exchange.getRequestHeaders().getFirst("X-GitHub-Api-Version"))
                && Set.of("error", "failure", "pending", "success")
                        .contains(json.path("state").asText())
                && json.path("description").asText().length() <= 140
                && json.path("target_url").asText().startsWith("http");
    }

    private static String message(String text) {
        return "{\"message\":\"%s\",\"documentation_url\":\"https://docs.github.com/rest\"}".formatted(text);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
