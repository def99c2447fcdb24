package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.ocpu.builder.BuildView;
import org.ocpu.builder.LocalPush;
import org.ocpu.builder.LocalRepository;
import org.ocpu.builder.State;

/** A real server on a free port, and a client of it. */
final class TestServer implements AutoCloseable {
    final DataDirectory data;
    final Server server;
    private volatile HttpClient http = HttpClient.newHttpClient();

    TestServer(Path directory, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("port", "0");
        this.data = DataDirectory.open(directory);
        KeptWorkerPackage.bring(directory);
        this.server = Server.start(data, all);
        try {
            KeptWorkerPackage.keep(directory);
        } catch (UncheckedIOException e) {
            server.close();
            throw e;
        }
    }

    /** Takes a new connection for the next request. A call fails on a kept one that the server, which is not to wait for long, closes. */
    TestServer anew() {
        http = HttpClient.newHttpClient();
        return this;
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<byte[]> form(String path, String form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    HttpResponse<byte[]> json(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<byte[]> get(String path, String header, String value) {
        return send(request(path).header(header, value).GET());
    }

    HttpResponse<byte[]> head(String path) {
        return send(request(path).method("HEAD", BodyPublishers.noBody()));
    }

    /** Calls with a form of names and values, in turn. */
    HttpResponse<byte[]> call(String path, String... arguments) {
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            pairs.add(encoded(arguments[i]) + "=" + encoded(arguments[i + 1]));
        }
        return form(path, String.join("&", pairs));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Evaluates R code; the address of the session, with a slash at its end, below {@code /ocpu}. */
    String session(String code) {
        HttpResponse<byte[]> made = call("/ocpu/library/base/R/identity", "x", code);
        assertEquals(201, made.statusCode(), text(made));
        return "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/";
    }

    HttpResponse<byte[]> post(String path, String contentType, byte[] body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofByteArray(body)));
    }

    /** Pushes a package and waits until it is live. */
    void publish(String owner, String repo, Path directory) throws Exception {
        BuildView view = finished(push(owner, repo, directory));
        assertEquals(State.SUCCEEDED, view.state(), view.toString());
    }

    /** Pushes a package; the number of its build. */
    long push(String owner, String repo, Path directory) throws IOException {
        return deliver(LocalRepository.push(data.path(), owner, repo, directory).payload());
    }

    /** Delivers a push that brings a build; its number. */
    long deliver(byte[] payload) throws IOException {
        HttpRequest.Builder delivery = request(server.api().getPath() + "/webhook")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(payload));
        LocalPush.headers(payload, data.secret()).forEach(delivery::header);
        HttpResponse<byte[]> accepted = send(delivery);
        assertEquals(202, accepted.statusCode(), text(accepted));
        return new ObjectMapper().readTree(accepted.body()).path("build").asLong();
    }

    BuildView finished(long build) throws Exception {
        return server.builds().finished(build).get(2, TimeUnit.MINUTES);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An error is to name neither where the server keeps things nor what it is made of. */
    void assertTellsNothing(String answer) {
        assertFalse(answer.contains(data.path().toString()), answer);
        assertFalse(answer.contains("org.eclipse") || answer.contains("java."), answer);
        assertFalse(answer.contains("<html"), answer);
    }

    /** Whether something becomes true within a minute. */
    static boolean within(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return true;
    }

    /**
     * Waits until a request that runs has made a file in its working directory, which is all that it can write to.
     *
     * @return the file
     */
    Path made(String name, Future<?> running) throws IOException {
        while (true) {
            assertFalse(running.isDone(), "the request has ended before it has made " + name);
            try (Stream<Path> all = Files.walk(data.path().resolve("work"))) {
                Optional<Path> made = all.filter(
                                file -> file.getFileName().toString().equals(name))
                        .findFirst();
                if (made.isPresent()) {
                    return made.get();
                }
            } catch (UncheckedIOException vanished) {
                Thread.onSpinWait(); // other requests' directories come and go
            }
        }
    }

    /** A process below this one that knows itself by that number: in a namespace, that is not the one it has here. */
    static ProcessHandle process(int number) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> knowsItselfAs(process, number))
                .findFirst()
                .orElseThrow();
    }

    private static boolean knowsItselfAs(ProcessHandle process, int number) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.anyMatch(line -> line.matches("NSpid:.*\\s" + number));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    /** A header's value, empty when there is none. */
    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        server.close();
    }
}
