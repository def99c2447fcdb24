package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ocpu.builder.AppName;
import org.ocpu.builder.AppView;
import org.ocpu.builder.BuildService;

/** Versions of an app that come and go while they are used. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PublishingIT {
    private static final AppName APP = new AppName("Ada", "Tiny");
    private static final String HOME = "/ocpu/apps/Ada/Tiny/";

    /** All of it says which version it is; a process that has the package loaded has its DESCRIPTION open. */
    private static final String CODE = """
            number <- %dL
            path <- function() system.file("www", "number.txt", package = "tinypkg", mustWork = TRUE)
            .onLoad <- function(library, package) {
              assign("held", file(file.path(library, package, "DESCRIPTION"), "r"), topenv())
            }
            answer <- function(id) {
              first <- readLines(path())
              Sys.sleep(0.05)
              paste(first, readLines(path()), number)
            }
            wait <- function(port) {
              connection <- socketConnection(port = port, blocking = TRUE, open = "r+")
              on.exit(close(connection))
              readLines(connection, 1)
              paste(readLines(path()), number)
            }
            """;

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(directory.resolve("data"), Map.of("network", "allow"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void removeTheApp() {
        if (builds().app(APP).isPresent()) {
            builds().remove(APP);
        }
    }

    private static BuildService builds() {
        return server.server.builds();
    }

    /** Publishes a version that calls itself by that number; its directory. */
    private static Path publish(int number) throws Exception {
        Path source = Files.createTempDirectory(directory, "source");
        SourcePackage.write(source, CODE.formatted(number), Map.of("inst/www/number.txt", number + "\n"));
        server.publish("Ada", "Tiny", source);
        return app().resolve("current").toRealPath();
    }

    private static Path app() {
        return server.data.path().resolve("apps/ada/tiny");
    }

    private static void rollBack() {
        builds().rollback(APP, OptionalLong.empty());
    }

    private static void rollForth() {
        AppView app = builds().app(APP).orElseThrow();
        builds().rollback(APP, OptionalLong.of(app.versions().get(0).build()));
    }

    private static HttpResponse<byte[]> number() {
        return server.get(HOME + "R/number/json");
    }

    @Test
    void requestsFinishOnTheVersionTheyBeganWithWhileVersionsChange() throws Exception {
        publish(1);
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<Void>> clients = IntStream.range(0, 4)
                .mapToObj(client -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; !enough.get(); i++) {
                        // never the same call twice, which would be answered without R
                        HttpResponse<byte[]> answer =
                                server.call(HOME + "R/answer/json", "id", Integer.toString(4 * i + client));
                        answers.add(answer.statusCode() + " " + text(answer));
                    }
                }))
                .toList();
        publish(2);
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 5; i++) {
            rollBack();
            awaitAnswer(answers, "201 [\"1 1 1\"]", seen);
            rollForth();
            awaitAnswer(answers, "201 [\"2 2 2\"]", seen);
        }
        enough.set(true);
        for (CompletableFuture<Void> client : clients) {
            client.get(1, TimeUnit.MINUTES);
        }
        seen.addAll(answers);
        assertEquals(Set.of("201 [\"1 1 1\"]", "201 [\"2 2 2\"]"), seen);
    }

    /** Takes answers till the wanted one comes. */
    private static void awaitAnswer(Queue<String> answers, String wanted, Set<String> seen) {
        String answer = "";
        while (!wanted.equals(answer)) {
            answer = String.valueOf(answers.poll());
            if (answer.equals("null")) {
                Thread.onSpinWait();
            } else {
                seen.add(answer);
            }
        }
    }

    /** Has a request running on the live version while something happens; what it answers in the end. */
    private static String duringARequest(RunnableWithTrouble action) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            CompletableFuture<HttpResponse<byte[]>> request = CompletableFuture.supplyAsync(
                    () -> server.call(HOME + "R/wait/json", "port", Integer.toString(listening.getLocalPort())));
            try (Socket running = listening.accept()) {
                action.run();
                running.getOutputStream().write("go on\n".getBytes(StandardCharsets.US_ASCII));
                HttpResponse<byte[]> answer = request.get(1, TimeUnit.MINUTES);
                return answer.statusCode() + " " + text(answer);
            }
        }
    }

    @FunctionalInterface
    private interface RunnableWithTrouble {
        void run() throws Exception;
    }

    @Test
    void aRemovedAppIsGoneAtOnceAndItsFilesAfterTheLastRequest() throws Exception {
        Path version = publish(1);
        String answer = duringARequest(() -> {
            builds().remove(APP);
            for (String path : List.of("", "R/", "R/answer/print", "www/number.txt", "DESCRIPTION")) {
                assertEquals(404, server.get(HOME + path).statusCode(), path);
            }
            assertEquals(404, server.call(HOME + "R/answer").statusCode());
            assertTrue(Files.isDirectory(version.resolve("tinypkg")));
        });
        assertEquals("201 [\"1 1\"]", answer);
        assertFalse(Files.exists(app()), "nothing is left of the app");
    }

    @Test
    void anOldVersionInUseIsDeletedAfterItsLastRequest() throws Exception {
        Path first = publish(1);
        for (int number = 2; number <= 5; number++) {
            publish(number);
        }
        builds().rollback(
                        APP, OptionalLong.of(Long.parseLong(first.getFileName().toString())));
        String answer = duringARequest(() -> {
            rollForth();
            publish(6);
            assertTrue(Files.isDirectory(first), "it is one too many, but in use");
        });
        assertEquals("201 [\"1 1\"]", answer);
        assertFalse(Files.exists(first));
        assertEquals("[6]", text(number()));
    }

    @Test
    void noProcessHoldsAVersionThatIsNotLive() throws Exception {
        Path first = publish(1);
        assertEquals("[1]", text(number()));
        List<ProcessHandle> ofFirst = holding(first);
        assertFalse(ofFirst.isEmpty(), "an engine has it loaded");
        Path second = publish(2);
        awaitEnd(ofFirst);
        assertEquals("[2]", text(number()));
        List<ProcessHandle> ofSecond = holding(second);
        rollBack();
        awaitEnd(ofSecond);
        assertEquals(200, server.get(HOME + "R/answer/print").statusCode());
        List<ProcessHandle> again = holding(first);
        assertFalse(again.isEmpty());
        builds().remove(APP);
        awaitEnd(again);
        assertEquals(0, server.server.rpc().engineMemory());
    }

    private static void awaitEnd(List<ProcessHandle> processes) throws Exception {
        for (ProcessHandle process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    /** The processes that have a file of that version open. */
    private static List<ProcessHandle> holding(Path version) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> opens(process, version))
                .toList();
    }

    private static boolean opens(ProcessHandle process, Path version) {
        // In a namespace of mounts, paths begin where something is mounted.
        String below = server.data.path().resolve("apps").relativize(version).toString();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return files.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().contains(below);
                } catch (IOException closed) {
                    return false;
                }
            });
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void aRollbackIsSeenAtOnceWhateverWasKeptOfTheOtherVersion() throws Exception {
        publish(1);
        HttpResponse<byte[]> first = number();
        HttpResponse<byte[]> firstFile = server.get(HOME + "www/number.txt");
        String firstCall = text(server.call(HOME + "R/answer/json", "id", "7"));
        publish(2);
        HttpResponse<byte[]> second = number();
        HttpResponse<byte[]> secondFile = server.get(HOME + "www/number.txt");
        assertEquals("[2] 2", text(second) + " " + text(secondFile));
        assertEquals("[\"2 2 2\"]", text(server.call(HOME + "R/answer/json", "id", "7")));
        assertNotEquals(header(first, "ETag"), header(second, "ETag"));
        for (int i = 0; i < 2; i++) {
            rollBack();
            assertAnswers("1", first, firstFile, second, secondFile);
            assertEquals(firstCall, text(server.call(HOME + "R/answer/json", "id", "7")));
            rollForth();
            assertAnswers("2", second, secondFile, first, firstFile);
            assertEquals("[\"2 2 2\"]", text(server.call(HOME + "R/answer/json", "id", "7")));
        }
    }

    /** By the live version to clients that know nothing, its own answers, or the other version's. */
    private static void assertAnswers(
            String number,
            HttpResponse<byte[]> object,
            HttpResponse<byte[]> file,
            HttpResponse<byte[]> otherObject,
            HttpResponse<byte[]> otherFile) {
        String objectPath = HOME + "R/number/json";
        String filePath = HOME + "www/number.txt";
        assertEquals("[" + number + "]", text(server.get(objectPath)));
        assertEquals(number, text(server.get(filePath)));
        for (var known : Map.of(objectPath, object, filePath, file).entrySet()) {
            String etag = header(known.getValue(), "ETag");
            assertEquals(304, server.get(known.getKey(), "If-None-Match", etag).statusCode());
        }
        String otherTag = header(otherObject, "ETag");
        assertEquals("[" + number + "]", text(server.get(objectPath, "If-None-Match", otherTag)));
        for (String validator : List.of("ETag", "Last-Modified")) {
            String condition = validator.equals("ETag") ? "If-None-Match" : "If-Modified-Since";
            assertEquals(number, text(server.get(filePath, condition, header(otherFile, validator))), validator);
        }
    }

    @Test
    void aSessionOutlivesTheVersionThatMadeIt() throws Exception {
        publish(1);
        HttpResponse<byte[]> made = server.call(HOME + "R/answer", "id", "1");
        String value = "/ocpu/tmp/" + header(made, "X-ocpu-session") + "/R/.val/print";
        assertEquals("[1] \"1 1 1\"", text(server.get(value)));
        publish(2);
        assertEquals("[1] \"1 1 1\"", text(server.get(value)));
        builds().remove(APP);
        assertEquals("[1] \"1 1 1\"", text(server.get(value)));
    }
}
