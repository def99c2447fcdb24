package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that take all they can get. Afterwards the server answers as before, with the processes, descriptors and directories it had.
 * All are bounded, so that they do little harm where nothing stops them.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EndureIT {
    private static final String CRASH = """
            run <- function(code) eval(parse(text = code), new.env())
            crash <- function() .C('crash')
            exhaust <- function() .C('exhaust')
            free_twice <- function() .C('free_twice')
            leave <- function() .C('leave')
            """;
    private static final String CRASH_C = """
            #include <stdlib.h>
            #include <string.h>
            void crash(void) { *(volatile int *)0 = 1; }
            static int deep(volatile int n) {
              char page[4096];
              memset(page, n, sizeof page);
              return n + page[n % 4096] + deep(n + 1) + page[0];
            }
            void exhaust(void) { deep(1); }
            void free_twice(void) {
              char *volatile p = malloc(64);
              free((char *)p + 8);
            }
            void leave(void) { _Exit(3); }
            """;

    @TempDir
    static Path directory;

    private static UpProcess server;
    private static Map<String, Long> before;
    private static Map<Long, List<String>> descriptors;

    @BeforeAll
    static void start() throws IOException {
        server = new UpProcess(
                directory.resolve("data"),
                Map.of(
                        "timelimit.post", "2",
                        "workers.max", "8",
                        "rlimit.as", "2147483648",
                        "rlimit.fsize", "10485760",
                        "rlimit.nproc", "64",
                        "output.max", "1048576",
                        "shutdown.grace", "1"));
        Path source = directory.resolve("source");
        SourcePackage.write(
                source,
                CRASH,
                Map.of("src/crash.c", CRASH_C, "NAMESPACE", "exportPattern(\".\")\nuseDynLib(tinypkg)\n"));
        server.publish("ada/crash", source);
        assertWorks();
        settle();
        assertTrue(TestServer.within(() -> working().isEmpty()), () -> "still there: " + working());
        before = processes();
        descriptors = engines().stream().collect(Collectors.toMap(pid -> pid, UpProcess::descriptors));
        descriptors.put(
                server.handle().pid(), UpProcess.descriptors(server.handle().pid()));
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    private static void assertWorks() {
        assertEquals("[42]", text(server.call("/ocpu/library/base/R/sum/json", "...", "40, 2")));
        HttpResponse<byte[]> app = server.call("/ocpu/apps/ada/crash/R/run/json", "code", "\"6 * 7\"");
        assertEquals("[42]", text(app));
    }

    /** Requests one after the other, as many as engines keep workers waiting, so that all of these are as after any other request. */
    private static void settle() {
        for (int n = 0; n < 8; n++) {
            server.evaluate("%d".formatted(n));
            server.call("/ocpu/apps/ada/crash/R/run", "code", "\"%d\"".formatted(n));
        }
    }

    /** How many there are of each command line among what the server started. */
    private static Map<String, Long> processes() {
        return server.descendants().stream()
                .map(process -> process.info().commandLine().orElse("gone"))
                .filter(line -> !line.equals("gone"))
                .collect(Collectors.groupingBy(line -> line, TreeMap::new, Collectors.counting()));
    }

    /** Processes that have workers of their own. */
    private static Set<Long> engines() {
        return server.descendants().stream()
                .filter(process -> process.children().findAny().isPresent())
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    /** Where requests have their sessions made: there only while they are under way. */
    private static List<String> working() {
        return server.work().stream().filter(path -> path.contains("/session")).toList();
    }

    @AfterEach
    void allIsAsItWas() throws Exception {
        assertWorks();
        settle();
        awaitSame();
        descriptors.forEach((pid, open) -> {
            assertTrue(ProcessHandle.of(pid).isPresent(), "the server or an engine died");
            // What the server or an engine just looks at is closed a moment later.
            assertTrue(TestServer.within(() -> opened(pid, open).isEmpty()), () -> "left open: " + opened(pid, open));
        });
    }

    /** What is open besides what was. */
    private static List<String> opened(long pid, List<String> before) {
        List<String> more = new ArrayList<>(UpProcess.descriptors(pid));
        before.forEach(more::remove);
        more.removeIf(target -> target.equals("socket") || target.contains("/logs/") || target.endsWith(".jar"));
        return more;
    }

    /** Workers end a moment after they answered, and others take their place: what is to be seen is that it comes to rest. */
    private static void awaitSame() {
        assertTrue(
                TestServer.within(() -> processes().equals(before)),
                () -> "processes were " + before + " and are " + processes());
        assertTrue(TestServer.within(() -> working().isEmpty()), () -> "still there: " + working());
    }

    private static HttpResponse<byte[]> app(String function) {
        return server.call("/ocpu/apps/ada/crash/R/" + function, new String[0]);
    }

    /** Code that takes too much. */
    static Stream<String> excesses() {
        return Stream.of(
                // processes
                "system('bomb() { test $1 -gt 9 && sleep 600; bomb $(($1 + 1)) & bomb $(($1 + 1)) & wait; }; bomb 0')",
                "{ for (i in 1:300) system('sleep 600', wait = FALSE); repeat {} }",
                "for (i in 1:300) parallel::mcparallel(repeat {})",
                // memory
                "{ x <- raw(3e9); x[] <- as.raw(1); sum(x == 1) }",
                "{ l <- list(); for (i in 1:60) l[[i]] <- rep(runif(1), 8e6); length(l) }",
                "parallel::mclapply(1:8, function(i) { x <- raw(4e8); x[] <- as.raw(i); Sys.sleep(5) }, mc.cores = 8)",
                // disk
                "system('dd if=/dev/zero of=large bs=1 count=1 seek=10G')",
                "system('head -c 200M /dev/zero > large')",
                "{ con <- file('large', 'wb'); repeat writeBin(raw(1e6), con) ; seek(con) }",
                // output
                "repeat cat(strrep('x', 1e5))",
                "repeat message(strrep('x', 1e5))",
                "repeat warning(strrep('x', 1e5))",
                "for (i in 1:1e5) { plot(1) }",
                // time
                "repeat {}",
                "repeat try(while (TRUE) {}, silent = TRUE)",
                "repeat tryCatch(repeat {}, interrupt = function(i) NULL, error = function(e) NULL)",
                "{ for (s in 1:31) try(tools::pskill(Sys.getpid(), 0)); system(\"trap '' TERM INT HUP; while :; do :; done\") }",
                "regexpr('(a+)+$', paste0(strrep('a', 200), 'b'), perl = FALSE)",
                // ends
                "quit(status = 0)",
                "quit('no', 7)",
                "tools::pskill(Sys.getpid(), 9)",
                "tools::pskill(Sys.getpid(), 19)",
                "for (fd in list.files('/proc/self/fd')) system(paste0('true ', fd))",
                "{ f <- function(n) f(n + 1); options(expressions = 5e5); f(1) }",
                "{ e <- quote(1); for (i in 1:1e6) e <- call('(', e); eval(e) }",
                "closeAllConnections()",
                // files
                "for (i in 1:20000) file.create(paste0('f', i))",
                "for (i in 1:3000) { dir.create('d'); setwd('d') }",
                "system('i=0; while test $i -lt 3000; do mkdir d && cd -P d || break; i=$((i+1)); done')",
                "file.create(rawToChar(as.raw(c(0xff, 0xfe, 0x0a, 0x09, 0x22))), strrep('n', 255), '-rf', '\\\\', ' ', '%2e%2e')",
                "{ file.create('a'); Sys.chmod('a', '000'); dir.create('b'); file.create('b/c'); Sys.chmod('b', '000') }",
                "{ Sys.chmod('.', '000'); 1 }",
                "{ Sys.chmod('..', '000'); 1 }",
                "{ unlink('../../session', recursive = TRUE); unlink('../../tmp', recursive = TRUE); 1 }",
                "{ file.rename('../../tmp', '../../t'); file.create('../../tmp'); 1 }",
                // sockets
                "{ s <- lapply(1:50, function(i) serverSocket(0L)); length(s) }");
    }

    @ParameterizedTest
    @MethodSource("excesses")
    void aRequestThatTakesTooMuchEndsAlone(String code) {
        HttpResponse<byte[]> answer = server.evaluate(code);
        assertTrue(answer.statusCode() < 500, () -> answer.statusCode() + " " + text(answer));
    }

    @Test
    void aHundredEndlessLoopsEnd() {
        List<CompletableFuture<HttpResponse<byte[]>>> loops = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            loops.add(server.calling("/ocpu/library/base/R/identity", "x", "{ %d; repeat {} }".formatted(n)));
        }
        assertEquals(200, server.get("/ocpu/info").statusCode());
        for (CompletableFuture<HttpResponse<byte[]>> loop : loops) {
            HttpResponse<byte[]> answer = loop.join();
            assertTrue(answer.statusCode() == 400 || answer.statusCode() == 503, () -> text(answer));
            assertTrue(answer.statusCode() == 503 || text(answer).contains("timelimit.post"), () -> text(answer));
        }
    }

    /** One closes its connection, the other has it reset. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientThatLeavesInMidCallLeavesNothing(boolean reset) throws IOException {
        String body = "x=system('sleep+601')";
        String head = "POST /ocpu/library/base/R/identity HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + body.length() + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n";
        URI address = server.address();
        try (Socket client = new Socket(address.getHost(), address.getPort())) {
            client.setSoLinger(reset, 0);
            client.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            assertTrue(TestServer.within(() -> runs("sleep 601")), "the call does not run");
        }
        assertTrue(TestServer.within(() -> !runs("sleep 601")), "the call runs on");
    }

    private static boolean runs(String command) {
        return processes().keySet().stream().anyMatch(line -> line.endsWith(command));
    }

    @ParameterizedTest
    @ValueSource(strings = {"crash", "exhaust", "free_twice", "leave"})
    void codeInCThatCrashesEndsItsRequestsOnly(String function) {
        for (int n = 0; n < 4; n++) {
            HttpResponse<byte[]> answer = app(function);
            assertEquals(400, answer.statusCode(), text(answer));
            assertFalse(text(answer).contains(directory.toString()), text(answer));
        }
    }

    /** Some mean something to the engine, which is busy with it then. */
    @Test
    void noStatusThatCallsEndWithIsWorkForTheirEngine() {
        Duration usual = spentOnEnds(7);
        Duration other = spentOnEnds(140);
        assertTrue(other.compareTo(usual.multipliedBy(2).plusMillis(500)) < 0, usual + " and then " + other);
    }

    /** Processor time of engines. */
    private static Duration spentOnEnds(int status) {
        Duration before = spentByEngines();
        for (int n = 0; n < 30; n++) {
            String code = "{ %d; quit('no', %d) }".formatted(n, status);
            assertEquals(400, server.evaluate(code).statusCode());
            HttpResponse<byte[]> app = server.call("/ocpu/apps/ada/crash/R/run", "code", AttackTargets.quoted(code));
            assertEquals(400, app.statusCode(), text(app));
        }
        return spentByEngines().minus(before);
    }

    private static Duration spentByEngines() {
        return engines().stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** What a worker tells its engine is no way to have no time limit. */
    @Test
    void aWorkerCannotLiftItsTimeLimit() throws IOException {
        AttackCode code = AttackCode.compile(directory);
        HttpResponse<byte[]> answer = server.evaluate(
                "{ f <- tempfile(); writeBin(jsonlite::base64_dec('" + code.base64() + "'), f); dyn.load(f);"
                        + " .C('ocpu_write_channels', c(Sys.getpid(), 2L, 0L), 3L, 0L); Sys.sleep(20) }");
        assertEquals(400, answer.statusCode(), text(answer));
        assertTrue(text(answer).contains("timelimit.post"), text(answer));
    }

    /** A worker that answered is not one that may go on. */
    @Test
    void aWorkerThatAnsweredInAdvanceEnds() throws IOException {
        AttackCode code = AttackCode.compile(directory);
        String header = "{\\\"status\\\":400,\\\"error\\\":\\\"forged\\\",\\\"entries\\\":[\\\"R/.val\\\"]}";
        HttpResponse<byte[]> answer = server.evaluate("{ f <- tempfile(); writeBin(jsonlite::base64_dec('"
                + code.base64() + "'), f); dyn.load(f); h <- \"" + header
                + "\"; .C('ocpu_forge', c(nchar(h), 0), h, '', 0L); system('sleep 600') }");
        assertEquals(400, answer.statusCode(), text(answer));
        // What it answered in advance is believed, and names an object that is not there.
        assertEquals("The call removed what was to become its session.", text(answer));
    }
}
