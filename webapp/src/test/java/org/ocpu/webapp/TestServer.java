package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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
final class TestServer extends TestClient implements AutoCloseable {
    final DataDirectory data;
    final Server server;

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

    @Override
    URI address() {
        return server.address();
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

    /** Waits until R has told an app's page what the app has: the first look need not wait for that. */
    void awaitOutline(String app) {
        assertTrue(within(() -> {
            String page = text(get("/apps/" + app));
            return page.contains("id=\"functions\"") && !page.contains("data-pending");
        }));
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

    /** An error is to name neither where the server keeps things nor what it is made of. */
    void assertTellsNothing(String answer) {
        assertFalse(answer.contains(data.path().toString()), answer);
        assertFalse(answer.contains("org.eclipse") || answer.contains("java."), answer);
        assertFalse(answer.contains("<html"), answer);
    }

    /** Whether something becomes true within a minute. */
    static boolean within(BooleanSupplier condition) {
        return within(Duration.ofMinutes(1), condition);
    }

    static boolean within(Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
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
