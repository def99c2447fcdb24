package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ocpu.webapp.TestServer.header;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls on a disk that is nearly full or becomes full; the data directory is a file system in memory. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FullDiskIT {
    private static final String IDENTITY = "/ocpu/library/base/R/identity";
    private static final long RESERVE = 100_000_000;

    @TempDir
    static Path directory;

    private static boolean mounted;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=300m", "none", directory.toString());
        assumeTrue(mounted, "no file system to fill");
        server = new TestServer(directory, Map.of("disk.reserve", Long.toString(RESERVE)));
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (server != null) {
                server.close();
            }
        } finally {
            assertTrue(!mounted || run("umount", "-l", directory.toString()), "the disk is left mounted");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private static long free() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** A file's bytes are free when the worker is gone, too, which the answer does not wait for. */
    private static void awaitFree(long bytes) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (free() < bytes && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertTrue(free() >= bytes, () -> "bytes are left of what the calls wrote");
    }

    private static long sessions() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("sessions"), 2)) {
            return all.filter(path -> path.getFileName().toString().matches("x0[0-9a-f]{8,}"))
                    .count();
        }
    }

    private static int ready() {
        return server.get("/health/ready").statusCode();
    }

    @Test
    void whileTheDiskIsNearlyFullNoSessionIsMadeAndAllElseIsRead() throws Exception {
        String session = server.session("{ plot(1:3); 'a value' }");
        HttpResponse<byte[]> known = server.form(IDENTITY + "/json", "x=4711");
        Path filler = Files.write(directory.resolve("filler"), new byte[(int) (free() - RESERVE / 2)]);
        long before = sessions();

        HttpResponse<byte[]> refused = server.form(IDENTITY + "/json", "x=4712");
        assertEquals(507, refused.statusCode());
        assertTrue(text(refused).contains("disk.reserve = " + RESERVE + " bytes"), text(refused));
        assertEquals(507, server.call(session + "R/identity", "x", "1").statusCode());
        assertEquals(before, sessions());
        assertTrue(TestServer.within(() -> ready() == 503), "ready with a full disk");
        assertTrue(text(server.get("/health/ready")).contains("disk.reserve"), text(server.get("/health/ready")));
        assertEquals("ok", text(server.get("/health/live")));

        assertEquals("[\"a value\"]", text(server.get(session + "R/.val/json")));
        assertEquals(200, server.get(session + "graphics/1/png").statusCode());
        assertEquals(200, server.get(session + "zip").statusCode());
        assertEquals(200, server.get("/ocpu/library/stats/R/sd/print").statusCode());
        HttpResponse<byte[]> again = server.form(IDENTITY + "/json", "x=4711");
        assertEquals("HIT", header(again, "X-ocpu-cache"), text(again));
        assertEquals(header(known, "X-ocpu-session"), header(again, "X-ocpu-session"));

        Files.delete(filler);
        assertEquals(201, server.form(IDENTITY + "/json", "x=4712").statusCode());
        assertTrue(TestServer.within(() -> ready() == 200), "not ready with space on its disk");
    }

    @Test
    void aCallThatFillsTheDiskSaysSoAndFreesIt() throws Exception {
        long free = free();
        long before = sessions();
        for (String code : new String[] {
            "{ to <- file('large', 'wb'); for (i in 1:40) writeBin(raw(1e7), to); close(to); rnorm(1e5) }",
            "{ to <- file('large', 'wb'); for (i in 1:40) writeBin(raw(1e7), to); writeLines('a', 'b'); stop('no') }"
        }) {
            HttpResponse<byte[]> answer = server.call(IDENTITY, "x", code);
            assertEquals(507, answer.statusCode(), text(answer));
            awaitFree(free - 5_000_000);
            assertTrue(text(answer).contains("disk of this server became full"), text(answer));
            server.assertTellsNothing(text(answer));
        }
        assertEquals(before, sessions());
        assertEquals("[1]", text(server.form(IDENTITY + "/json", "x=1")));
    }
}
