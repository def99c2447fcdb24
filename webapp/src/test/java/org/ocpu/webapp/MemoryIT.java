package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that have the server itself, which ends when its memory does, hold more than it can. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MemoryIT {
    @TempDir
    static Path directory;

    private static UpProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = new UpProcess(directory.resolve("data"), Map.of("timelimit.post", "30", "shutdown.grace", "1"));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void theServerLives() {
        assertTrue(server.handle().isAlive(), "the server ended");
        assertEquals("[42]", text(server.call("/ocpu/library/base/R/sum/json", "...", "40, 2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pb", "feather", "arrowipc", "parquet"})
    void aLargeValueIsNotConverted(String format) {
        HttpResponse<byte[]> answer = server.call("/ocpu/library/base/R/numeric/" + format, "length", "5e7");
        assertEquals(400, answer.statusCode());
        assertTrue(text(answer).contains("-Xmx"), text(answer));
    }

    @Test
    void aTextOfAnySizeIsArchived() {
        String session = server.session("{ cat('said'); system('truncate -s 600M ../text.stdout'); 1 }");
        assertEquals(200, server.get(session + "zip").statusCode());
    }

    /** What a worker says without R comes with lengths of its own and a header that takes more memory than bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "strrep('[', 3e6)",
                "paste0('[', strrep('{},', 1e6), '{}]')",
                "paste0('{\"a\":\"', strrep('a', 6e7), '\"}')"
            })
    void aForgedAnswerIsNotHeld(String header) throws IOException {
        AttackCode code = AttackCode.compile(directory);
        HttpResponse<byte[]> answer = server.evaluate(
                "{ f <- tempfile(); writeBin(jsonlite::base64_dec('"
                        + code.base64() + "'), f); dyn.load(f); h <- " + header
                        + "; stopifnot(.C('ocpu_forge', c(nchar(h), 67108864), h, '', 0L)[[4]] == 1L); tools::pskill(Sys.getpid(), 9) }");
        assertEquals(400, answer.statusCode(), text(answer));
        assertFalse(Attack.isMistaken(text(answer)), text(answer));
    }
}
