package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ocpu.webapp.TestServer.text;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packages that end R when an engine loads them, though they did not when they were built. */
@Timeout(120)
class CrashAtLoadIT {
    /** Whether an engine is being made. */
    private static final String IN_ENGINE =
            "in_engine <- function() any(vapply(sys.calls(), function(f) identical(f[[1]], quote(become_engine)), NA))\n";

    private static final String FINE = "fine <- function() 42\n";

    private static final String PARENT = """
            parent <- function(after = 0) {
              Sys.sleep(after)
              grep("^PPid", readLines("/proc/self/status"), value = TRUE)
            }
            """;

    private static final String SPOIL = """
            #include <fcntl.h>
            #include <sys/socket.h>

            void spoil(void) {
              struct sockaddr nobody = {.sa_family = AF_UNSPEC};
              char nothing[12] = {0};
              for (int fd = 3; fd < 1024; fd++) {
                int type = 0;
                socklen_t length = sizeof type;
                if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0 || type != SOCK_DGRAM) continue;
                fcntl(fd, F_SETFL, O_NONBLOCK);
                for (int i = 0; i < 100000; i++) send(fd, nothing, sizeof nothing, 0);
                connect(fd, &nobody, sizeof nobody);
                shutdown(fd, SHUT_RDWR);
              }
            }
            """;

    /** Some time after the package was loaded, its process does nothing any more, not even end. */
    private static final String STOP = """
            #include <signal.h>
            #include <sys/time.h>

            static void stop(int number) {
              raise(SIGSTOP);
            }

            void stop_soon(void) {
              struct itimerval soon = {.it_value = {.tv_sec = 3}};
              signal(SIGALRM, stop);
              setitimer(ITIMER_REAL, &soon, 0);
            }
            """;

    @TempDir
    static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new TestServer(directory.resolve("data"), Map.of("workers.idle", "1"));
        publish(server, "good", "", Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void publish(TestServer server, String repo, String onLoad, Map<String, String> files)
            throws Exception {
        Path source = directory.resolve(repo);
        String hook = ".onLoad <- function(...) if (in_engine()) " + onLoad + "\n";
        SourcePackage.write(source, FINE + IN_ENGINE + (onLoad.isEmpty() ? "" : hook), files);
        server.publish("ada", repo, source);
    }

    /** Files of a package that has that code in C. */
    private static Map<String, String> inC(String code) {
        return Map.of("src/code.c", code, "NAMESPACE", "exportPattern(\".\")\nuseDynLib(tinypkg)\n");
    }

    private static HttpResponse<byte[]> call(TestServer server, String repo) {
        return server.call("/ocpu/apps/ada/" + repo + "/R/fine/json");
    }

    /** Twice it is tried, then not for a while; others are served all the time. */
    private static void isRefused(TestServer server, String repo, String reason) {
        for (int attempt = 1; attempt <= 4; attempt++) {
            HttpResponse<byte[]> answer = call(server, repo);
            assertEquals(400, answer.statusCode(), text(answer));
            assertTrue(text(answer).startsWith("Package tinypkg does not load: "), text(answer));
            assertTrue(text(answer).contains(reason), text(answer));
            assertEquals(attempt > 2, text(answer).contains("not loaded again before 60 s"), text(answer));
            HttpResponse<byte[]> other = call(server, "good");
            if (other.statusCode() == 503) {
                other = call(server, "good"); // while the base engine is being started again
            }
            assertEquals(201, other.statusCode(), text(other));
        }
    }

    private static List<Long> engines() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(directory.toString()))
                .map(ProcessHandle::pid)
                .toList();
    }

    @Test
    void codeInCThatCrashes() throws Exception {
        List<Long> before = engines();
        publish(
                server,
                "crash",
                ".C('crash', PACKAGE = 'tinypkg')",
                inC("void crash(void) { volatile int *nowhere = 0; *nowhere = 1; }\n"));
        isRefused(server, "crash", "segmentation fault");
        assertEquals(before, engines());
    }

    @Test
    void codeThatEndsR() throws Exception {
        publish(server, "quit", "quit(status = 3)", Map.of());
        isRefused(server, "quit", "exit status 3");
    }

    /** All workers of the engine that all others descend from have one channel to it in common. */
    @Test
    void codeInCThatSpoilsEveryChannelItFinds() throws Exception {
        publish(server, "spoil", ".C('spoil', PACKAGE = 'tinypkg')", inC(SPOIL));
        assertEquals(201, call(server, "spoil").statusCode());
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> other = server.call("/ocpu/library/base/R/identity/json", "x", "1");
            assertEquals(201, other.statusCode(), text(other));
        }
        publish(server, "another", "", Map.of());
        assertEquals(201, call(server, "another").statusCode());
    }

    @Test
    void loadingHasTheLimitsOfACall() throws Exception {
        Map<String, String> settings =
                Map.of("workers.idle", "1", "workers.memory", "300000000", "rlimit.fsize", "4000000");
        try (TestServer small = new TestServer(directory.resolve("small"), settings)) {
            publish(small, "eats", "{ x <- numeric(6e7); Sys.sleep(60) }", Map.of());
            String eats = text(call(small, "eats"));
            assertTrue(eats.contains("does not load"), eats);
            assertTrue(eats.contains("used more memory than the server allows (workers.memory = 300000000"), eats);
            publish(small, "writes", "writeBin(raw(5e6), tempfile())", Map.of());
            String writes = text(call(small, "writes"));
            assertTrue(writes.contains("does not load"), writes);
        }
    }

    @Test
    void whatLoadingLeavesBehindIsEnded() throws Exception {
        String mark = "sleep 86399." + ProcessHandle.current().pid();
        publish(server, "leaves", "system('" + mark + " &')", Map.of());
        assertEquals(201, call(server, "leaves").statusCode());
        assertTrue(TestServer.within(() -> ProcessHandle.allProcesses()
                .noneMatch(process -> process.info().commandLine().orElse("").contains(mark))));
    }

    /** One that serves requests ends when there is a newer version, whatever its package has done to it. */
    @Test
    void anEngineThatDoesNotEndIsEnded() throws Exception {
        publish(server, "stops", ".C('stop_soon', PACKAGE = 'tinypkg')", inC(STOP));
        assertEquals(201, call(server, "stops").statusCode());
        ProcessHandle stopped = awaitStopped();
        publish(server, "stops", "", Map.of());
        assertEquals(201, call(server, "stops").statusCode());
        stopped.onExit().get(60, TimeUnit.SECONDS);
    }

    private static ProcessHandle awaitStopped() {
        List<ProcessHandle> found = new ArrayList<>();
        assertTrue(
                TestServer.within(() -> {
                    ProcessHandle.current()
                            .descendants()
                            .filter(CrashAtLoadIT::isStopped)
                            .forEach(found::add);
                    return !found.isEmpty();
                }),
                "no engine is stopped");
        return found.get(0);
    }

    private static boolean isStopped(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"))
                    .contains("State:\tT");
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void anEngineStaysLongerThanLoadingItMayTake() throws Exception {
        Map<String, String> settings = Map.of("workers.idle", "1", "timelimit.post", "4");
        try (TestServer hasty = new TestServer(directory.resolve("hasty"), settings)) {
            SourcePackage.write(directory.resolve("parents"), PARENT, Map.of());
            hasty.publish("ada", "good", directory.resolve("parents"));
            String parent = "/ocpu/apps/ada/good/R/parent/json";
            String first = text(hasty.call(parent));
            assertTrue(first.contains("PPid"), first);
            assertEquals(first, text(hasty.call(parent, "after", "2")));
            assertEquals(first, text(hasty.call(parent, "after", "2.5")));
            assertEquals(first, text(hasty.call(parent)));
        }
    }

    /** Possible only where nothing keeps one process from signalling another. */
    @Test
    void codeThatKillsTheEngineThatAllOthersDescendFrom() throws Exception {
        Map<String, String> settings = Map.of("workers.idle", "1", "sandbox", "off");
        try (TestServer open = new TestServer(directory.resolve("open"), settings)) {
            publish(open, "good", "", Map.of());
            publish(
                    open,
                    "parent",
                    "{ status <- readLines('/proc/self/status');"
                            + " tools::pskill(sub('.*\\t', '', grep('^PPid', status, value = TRUE)), 9); Sys.sleep(60) }",
                    Map.of());
            isRefused(open, "parent", "signal 9 (killed)");
        }
    }
}
