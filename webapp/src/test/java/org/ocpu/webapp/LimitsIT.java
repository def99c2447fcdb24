package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a request may use: who goes beyond is told which setting it was. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LimitsIT {
    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(
                directory.resolve("data"),
                Map.ofEntries(
                        Map.entry("timelimit.post", "6"),
                        Map.entry("timelimit.get", "1"),
                        Map.entry("rlimit.as", "2000000000"),
                        Map.entry("rlimit.fsize", "5000000"),
                        Map.entry("rlimit.cpu", "2"),
                        Map.entry("rlimit.nproc", "40"),
                        Map.entry("workers.memory", "500000000"),
                        Map.entry("workers.disk", "20000000"),
                        Map.entry("session.size", "3000000"),
                        Map.entry("result.max", "2000000"),
                        Map.entry("output.max", "100000"),
                        Map.entry("body.max", "100000")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timelimit.post = 6 s              | Sys.sleep(60)",
                "rlimit.as = 2000000000 bytes      | numeric(1e9)",
                "workers.memory = 500000000 bytes  | { x <- rep_len(1, 66e6); Sys.sleep(60) }",
                "rlimit.fsize                      | writeBin(raw(1e7), 'large')",
                "rlimit.cpu                        | repeat 1",
                "rlimit.nproc = 40                 | for (i in 1:60) if (inherits(parallel:::mcfork(), 'masterProcess')) Sys.sleep(20)",
                "workers.disk = 20000000 bytes     | { for (i in 1:6) writeBin(raw(4e6), paste(i)); Sys.sleep(60) }",
                "workers.disk = 20000000 bytes     | { l <- lapply(paste(1:6), function(p) { f <- file(p, 'w+b'); writeBin(raw(4e6), f); unlink(p); f }); Sys.sleep(60) }",
                "session.size = 3000000 bytes      | writeBin(raw(4e6), 'kept')",
                "output.max = 100000 bytes         | cat(strrep('a', 200000))",
            })
    void aCallIsToldWhichLimitItMet(String limit, String code) {
        HttpResponse<byte[]> answer = server.call("/ocpu/library/base/R/identity", "x", code);
        assertEquals(400, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains(limit), text(answer));
        assertEquals("[42]", text(server.call("/ocpu/library/base/R/sum/json", "...", "40, 2")));
    }

    @Test
    void whatIsReadIsLimitedToo() {
        String session = server.session("structure(1, class = 'endless')");
        String large = server.session("seq_len(600000) + 0");
        HttpResponse<byte[]> tooLong = server.get(large + "R/.val/json");
        assertEquals(400, tooLong.statusCode(), text(tooLong));
        assertTrue(text(tooLong).contains("result.max"), text(tooLong));
        assertEquals(200, server.get(session + "R/.val/print").statusCode());
    }

    @Test
    void whatIsSentIsLimited() {
        HttpResponse<byte[]> answer =
                server.call("/ocpu/library/base/R/identity", "x", "'" + "a".repeat(200_000) + "'");
        assertEquals(413, answer.statusCode());
        assertTrue(text(answer).contains("body.max"), text(answer));
    }
}
