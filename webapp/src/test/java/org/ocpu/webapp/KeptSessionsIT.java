package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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
        Process up = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.ocpu.webapp.Main",
                        "up",
                        "--no-demo",
                        "--port",
                        "0",
                        "--data",
                        directory.toString()))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = up.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.startsWith("Ctrl-C")) {
                line = output.readLine();
            }
            CountDownLatch enough = new CountDownLatch(CALLS);
            URI address = URI.create(DataDirectory.open(directory).address().orElseThrow() + IDENTITY);
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = client * 1_000_000;
                Thread thread = new Thread(() -> call(address, first, enough));
                thread.start();
                clients.add(thread);
            }
            assertTrue(enough.await(1, TimeUnit.MINUTES), "the server did not answer");
            up.destroyForcibly().waitFor();
            for (Thread client : clients) {
                client.join();
            }
        } finally {
            up.destroyForcibly().waitFor();
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

    /** Calls until the server is gone. */
    private static void call(URI address, int first, CountDownLatch enough) {
        HttpClient http = HttpClient.newHttpClient();
        try {
            for (int n = first; ; n++) {
                String form = "x=" + URLEncoder.encode(CODE.formatted(n), StandardCharsets.UTF_8);
                HttpResponse<byte[]> made = http.send(
                        HttpRequest.newBuilder(address)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.ofByteArray());
                if (made.statusCode() == 201) {
                    kept.add(header(made, "X-ocpu-session"));
                    enough.countDown();
                }
            }
        } catch (IOException e) {
            assertTrue(enough.getCount() == 0, () -> "the server was gone too early: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
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
        assertEquals(before.size(), keysOnDisk().size(), "none of these is kept");
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
