package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of sessions, how long and how much: of a server that was killed while it worked, by the one that came after it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KeptSessionsIT {
    private static final String IDENTITY = "/ocpu/library/base/R/identity";
    private static final int CLIENTS = 4;
    private static final int CALLS = 16;

    /** What a client can see of a session is there. */
    private static final String CODE =
            "{ cat('said'); plot(1:3); big <- rnorm(2e4); writeLines('written', 'file.txt'); %d }";

    @TempDir
    static Path directory;

    private static final Queue<String> kept = new ConcurrentLinkedQueue<>();
    private static TestServer server;
    private static List<String> found;
    private static String old;
    private static String cut;

    @BeforeAll
    static void killAServerThatWorks() throws Exception {
        try (UpProcess up = new UpProcess(directory, Map.of())) {
            CountDownLatch enough = new CountDownLatch(CALLS);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                clients.add(callOnAndOn(up, client * 1_000_000, enough));
            }
            assertTrue(enough.await(1, TimeUnit.MINUTES), () -> "the server did not answer: " + clients);
            up.signal("KILL");
            for (CompletableFuture<Void> client : clients) {
                assertThrows(ExecutionException.class, () -> client.get(1, TimeUnit.MINUTES));
            }
        }
        old = kept.remove();
        makeOlder(old, Duration.ofHours(2));
        cut = kept.remove();
        Files.write(onDisk(cut).resolve("R..val.rds"), new byte[0]);
        found = keysOnDisk();
        server = new TestServer(
                directory, Map.of("session.maxage", "3600", "session.size", "3000000", "result.max", "1000000"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Calls until the server is gone, which is an exception. */
    private static CompletableFuture<Void> callOnAndOn(UpProcess up, int number, CountDownLatch enough) {
        return up.calling(IDENTITY, "x", CODE.formatted(number)).thenCompose(made -> {
            if (made.statusCode() == 201) {
                kept.add(header(made, "X-ocpu-session"));
                enough.countDown();
            }
            return callOnAndOn(up, number + 1, enough);
        });
    }

    private static Path onDisk(String key) {
        return directory.resolve("sessions").resolve(key.substring(0, 4)).resolve(key);
    }

    private static void makeOlder(String key, Duration age) throws IOException {
        Instant made = Instant.now().minus(age);
        Path info = onDisk(key).resolve("session.json");
        ObjectMapper json = new ObjectMapper();
        ObjectNode changed = ((ObjectNode) json.readTree(info.toFile())).put("created", made.toString());
        Files.write(info, json.writeValueAsBytes(changed));
        Files.setLastModifiedTime(onDisk(key), FileTime.from(made));
    }

    private static List<String> keysOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("sessions"), 2)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("x0[0-9a-f]{8,}"))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    @Test
    void afterACrashEverySessionIsCompleteAndEachThatWasAnsweredIsThere() throws Exception {
        server.server.rpc().cleanSessions();
        List<String> left = keysOnDisk();
        assertTrue(left.containsAll(kept), "a session that a client was told of is gone");
        assertFalse(left.contains(old) || left.contains(cut), "what is old or not whole is removed");
        left.retainAll(found);
        for (String key : left) {
            String session = "/ocpu/tmp/" + key + "/";
            String entries = text(server.get(session));
            assertEquals(
                    "R/.val R/big R/identity graphics/1 stdout source console info files/DESCRIPTION files/file.txt",
                    entries.replaceAll("\\s+", " "));
            for (String entry : entries.split("\n")) {
                String address = session
                        + entry
                        + (entry.startsWith("R/") ? "/rds" : entry.startsWith("graphics/") ? "/svg" : "");
                HttpResponse<byte[]> read =
                        server.get(entry.matches("stdout|source|console") ? address + "/text" : address);
                assertTrue(read.statusCode() < 400, () -> entry + ": " + text(read));
            }
        }
    }

    @Test
    void aSessionThatIsTooOldIsGoneWhichTheAnswerExplains() {
        HttpResponse<byte[]> answer = server.get("/ocpu/tmp/" + old + "/R/.val/json");
        assertEquals(404, answer.statusCode());
        assertTrue(text(answer).contains("session.maxage = 3600 seconds"), text(answer));
        assertEquals(404, server.get("/ocpu/tmp/" + cut + "/").statusCode(), "a session that is not whole");
    }

    @Test
    void clientsMayNotKeepASessionLongerThanItIsThere() {
        HttpResponse<byte[]> answer = server.get(server.session("1 + 1") + "R/.val/json");
        Matcher age = Pattern.compile("max-age=([0-9]+), public").matcher(header(answer, "Cache-Control"));
        assertTrue(age.matches(), header(answer, "Cache-Control"));
        assertTrue(Integer.parseInt(age.group(1)) <= 3600, age.group());
        assertEquals("no-referrer", header(answer, "Referrer-Policy"));
    }

    @Test
    void whatIsTooLargeIsRefusedWithTheNameOfTheSetting() throws Exception {
        List<String> before = keysOnDisk();
        tooLarge(server.call(IDENTITY, "x", "writeBin(raw(4e6), 'large')"), "session.size = 3000000");
        tooLarge(
                server.call(IDENTITY, "x", "for (i in 1:800) writeLines('small', paste0('file', i))"),
                "session.size = 3000000");
        tooLarge(server.call(IDENTITY + "/bin", "x", "raw(1.5e6)"), "result.max = 1000000");
        assertTrue(before.containsAll(keysOnDisk()), "none of these is kept, while old ones may go");
        tooLarge(server.call(IDENTITY + "/feather", "x", "data.frame(x = 1:3e5)"), "result.max = 1000000");
        String session = server.session("raw(1.5e6)");
        tooLarge(server.get(session + "R/.val/bin"), "result.max = 1000000");
        tooLarge(server.get(session + "R/.val/bin"), "result.max = 1000000");
        assertEquals(200, server.get(session + "R/.val/print").statusCode(), "what is printed is less");
    }

    private static void tooLarge(HttpResponse<byte[]> answer, String setting) {
        assertEquals(400, answer.statusCode());
        assertTrue(text(answer).contains(setting), text(answer));
    }
}
