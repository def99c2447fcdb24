package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
                        Map.entry("network", "allow"),
                        Map.entry("rlimit.as", "2000000000"),
                        Map.entry("rlimit.fsize", "5000000"),
                        Map.entry("rlimit.cpu", "2"),
                        Map.entry("rlimit.nproc", "40"),
                        Map.entry("rlimit.nofile", "120"),
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
                "rlimit.as = 2000000000 bytes      | numeric(1e9)",
                "workers.memory = 500000000 bytes  | { x <- rep_len(1, 66e6); Sys.sleep(60) }",
                "rlimit.fsize                      | writeBin(raw(1e7), 'large')",
                "rlimit.cpu                        | repeat 1",
                "rlimit.nproc = 40                 | for (i in 1:60) if (inherits(parallel:::mcfork(), 'masterProcess')) Sys.sleep(20)",
                "Too many open files               | { options(warn = 2); for (i in 1:120) file(paste(i), 'w') }",
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
    void theKernelKeepsTheLimitsThatItHasNoAnswerFor() {
        String limits = text(server.call("/ocpu/library/base/R/readLines/json", "con", "'/proc/self/limits'"));
        assertTrue(Pattern.compile("Max core file size +0 +0 ").matcher(limits).find(), limits);
        assertTrue(Pattern.compile("Max open files +120 +120 ").matcher(limits).find(), limits);
    }

    /** What socket(2) says of a domain and a type: 0, or EACCES. */
    @Test
    void theNetworkIsTheOnlyKindOfSocketsThatCanBeAllowed() {
        assumeTrue(text(server.get("/ocpu/info")).matches("(?s).*\nworkers: confined by [^;]*seccomp.*"), "no seccomp");
        String kinds = "c('2, 1', '2, 2', '16, 3', '1, 1', '17, 3', '38, 5', '40, 1')";
        HttpResponse<byte[]> answer = server.call(
                "/ocpu/library/base/R/identity/json",
                "x",
                "vapply(" + kinds + ", function(kind) system(paste0(\"perl -e 'exit(socket(S, \", kind,"
                        + " \", 0) ? 0 : $! + 0)'\")), 1L, USE.NAMES = FALSE)");
        assertEquals("[0,0,0,13,13,13,13]", text(answer).replaceAll("\\s", ""));
    }

    /** In which the kernel counts what it uses, and which is gone when it is over. */
    @Test
    void aCallThatTakesAWhileHasAControlGroupWhereThereAreAny() throws Exception {
        String info = text(server.get("/ocpu/info"));
        assumeTrue(info.matches("(?s).*\nworkers: confined by [^;]*control groups.*"), info);
        String joined = text(server.call(
                "/ocpu/library/base/R/identity/json",
                "x",
                "{ repeat { groups <- readLines('/proc/self/cgroup'); if (any(grepl('ocpu-call', groups))) break;"
                        + " Sys.sleep(0.05) }; groups }"));
        Matcher group = Pattern.compile("ocpu-call-[0-9]+-[0-9]+").matcher(joined);
        assertTrue(group.find(), joined);
        assertTrue(TestServer.within(() -> directories(group.group()).isEmpty()), "groups are left");
    }

    private static String directories(String name) {
        try {
            Process find = new ProcessBuilder("find", "/sys/fs/cgroup", "-name", name)
                    .redirectError(ProcessBuilder.Redirect.DISCARD) // others' groups come and go
                    .start();
            return new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatTakesTooLongIsToldWhichTimeItHad() throws Exception {
        Map<String, String> times = Map.of("timelimit.get", "3", "timelimit.post", "4");
        Path source = directory.resolve("source");
        SourcePackage.write(
                source,
                "print.endless <- function(x, ...) repeat {}\nslow <- structure(1, class = 'endless')\n",
                Map.of("NAMESPACE", "exportPattern(\".\")\nS3method(print, endless)\n"));
        try (TestServer hasty = new TestServer(directory.resolve("hasty"), times)) {
            hasty.publish("ada", "slow", source);
            HttpResponse<byte[]> read = hasty.get("/ocpu/apps/ada/slow/R/slow/print");
            assertEquals(400, read.statusCode(), text(read));
            assertTrue(text(read).contains("timelimit.get = 3 s"), text(read));
            HttpResponse<byte[]> called = hasty.call("/ocpu/library/base/R/identity", "x", "Sys.sleep(60)");
            assertEquals(400, called.statusCode(), text(called));
            assertTrue(text(called).contains("timelimit.post = 4 s"), text(called));
        }
    }

    @Test
    void whatIsReadIsLimitedToo() {
        String large = server.session("seq_len(600000) + 0");
        HttpResponse<byte[]> tooLong = server.get(large + "R/.val/json");
        assertEquals(400, tooLong.statusCode(), text(tooLong));
        assertTrue(text(tooLong).contains("result.max"), text(tooLong));
        assertEquals(200, server.get(large + "R/.val/print").statusCode(), "what is printed is less");
    }

    @Test
    void whatIsSentIsLimited() {
        HttpResponse<byte[]> answer =
                server.call("/ocpu/library/base/R/identity", "x", "'" + "a".repeat(200_000) + "'");
        assertEquals(413, answer.statusCode());
        assertTrue(text(answer).contains("body.max"), text(answer));
    }
}
