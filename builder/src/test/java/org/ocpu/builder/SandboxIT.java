package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real packages can do to the server while R installs them: next to nothing. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SandboxIT {
    private static final String NO_BUBBLEWRAP = "no-such-bwrap";

    @TempDir
    Path root;

    private Path data;

    @BeforeEach
    void serverWithData() throws IOException {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
        data = Files.createDirectories(root.resolve("data"));
        for (String secret : List.of("db/ocpu.mv.db", "outbox/1.eml", "sessions/x0ab/x0abcd/files/a", "apps/a/b/key")) {
            Path file = data.resolve(secret);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "topsecret");
        }
        Files.writeString(root.resolve("settings"), "webhook.secret = topsecret");
    }

    @Test
    void aPackageReadsNothingButTheSystemAndItself() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        Path home = Path.of(System.getProperty("user.home"));
        for (String path : List.of(
                "/etc/shadow",
                "/etc/gshadow",
                "/etc/ssh",
                "/root",
                "/home",
                "/run",
                "/srv",
                "/mnt",
                "/var/log",
                "/proc/1/environ",
                "/proc/1/root",
                home + "/.ssh",
                data.resolve("db/ocpu.mv.db").toString(),
                data.resolve("apps").toString(),
                data.resolve("sessions").toString(),
                data.resolve("outbox/1.eml").toString(),
                root.resolve("settings").toString(),
                Path.of("").toAbsolutePath().toString())) {
            build.tries(
                    "if (length(dir('%1$s')) || length(tryCatch(suppressWarnings(readLines('%1$s')), error = \\(e) NULL))) stop('read %1$s')"
                            .formatted(path));
        }
        build.installs();
    }

    @Test
    void aPackageWritesNothingOutsideOfItsOwn() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        for (String path : List.of(
                "/etc/cron.d/evil",
                "/usr/lib/evil",
                "/usr/local/lib/R/site-library/evil",
                "/dev/evil",
                "/evil",
                "/var/evil",
                data.resolve("apps/a/b/evil").toString(),
                data.resolve("evil").toString(),
                "/proc/sys/kernel/hostname")) {
            build.tries("if (suppressWarnings(file.create('%1$s'))) stop('wrote %1$s')".formatted(path));
        }
        build.tries("stopifnot(file.create('/tmp/mine'), file.create(tempfile()), file.create('~/mine'))");
        build.tries("stopifnot(file.create('/dev/shm/mine'))");
        build.installs();
        assertFalse(Files.exists(Path.of("/tmp/mine")));
        assertFalse(Files.exists(data.resolve("apps/a/b/evil")));
        assertEquals(List.of("library", "source"), names(build.work), "its private directories are gone");
    }

    @Test
    void aPackageSeesAndHarmsNoProcessOfTheServer() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        long server = ProcessHandle.current().pid();
        build.tries("""
                all <- unlist(lapply(dir('/proc', '^[0-9]+$', full.names = TRUE),
                  \\(p) tryCatch(suppressWarnings(readLines(file.path(p, 'cmdline'))), error = \\(e) '')))
                if (any(grepl('surefire|failsafe|java', all))) stop('saw the server: ', all)
                tools::pskill(%d, tools::SIGKILL)
                """.formatted(server));
        build.tries("stopifnot(nchar(Sys.getenv('WEBHOOK_SECRET')) == 0, length(Sys.getenv()) < 80)");
        build.tries("status <- readLines('/proc/self/status'); stopifnot("
                + "any(grepl('^NoNewPrivs:\\t1', status)), any(grepl('^CapEff:\\t0+$', status)),"
                + " any(grepl('^CapPrm:\\t0+$', status)))");
        build.tries("if (system('id -u', intern = TRUE) %in% c('0', '" + uid() + "')) stop('is the server')");
        build.installs();
        assertTrue(ProcessHandle.current().isAlive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bwrap", NO_BUBBLEWRAP})
    void nothingThatAPackageStartsOutlivesItsBuild(String program) throws Exception {
        Installation build = new Installation(Map.of(), program);
        String sleep = "sleep 7" + Math.floorMod(root.hashCode(), 1_000_000);
        build.tries("system(\"setsid sh -c '(" + sleep + " </dev/null >/dev/null 2>&1 &)'\"); Sys.sleep(0.3)");
        build.installs();
        assertEquals(0, BuildFixture.processes(sleep));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bwrap", NO_BUBBLEWRAP})
    void aForkBombFailsWithTheLimitAndIsGone(String program) throws Exception {
        Installation build = new Installation(Map.of("builds.processes", "40"), program);
        String sleep = "sleep 8" + Math.floorMod(root.hashCode(), 1_000_000);
        build.tries("stopifnot(system('i=0; while [ $i -lt 200 ]; do " + sleep
                + " >/dev/null 2>&1 & i=$((i+1)); done; true') == 0)");
        build.fails("(builds.processes)");
        assertEquals(0, BuildFixture.processes(sleep));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bwrap", NO_BUBBLEWRAP})
    void memoryBeyondTheLimitFailsNamingIt(String program) throws Exception {
        Installation build = new Installation(Map.of("builds.memory", "400000000"), program);
        build.tries("x <- numeric(2e8); x[] <- 1");
        build.fails("400000000 bytes of memory (builds.memory)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"~/big", "/tmp/big", "/dev/shm/big", "one-file"})
    void aFullDiskFailsNamingTheLimit(String where) throws Exception {
        Installation build = new Installation(Map.of("builds.disk", "30000000"), "bwrap");
        String fill = where.equals("one-file")
                ? "head -c 40000000 /dev/zero > ~/big"
                : "for i in 1 2 3 4 5 6; do head -c 10000000 /dev/zero > %s$i; done; sleep 100".formatted(where);
        build.tries("if (system('" + fill + "')) stop('the disk is full')");
        build.fails("30000000 bytes of disk (builds.disk)");
    }

    @Test
    void manySmallFilesAreMeasuredAlsoWhenTheCommandEndsAtOnce() throws Exception {
        Installation build = new Installation(Map.of("builds.disk", "10000000"), "bwrap");
        build.tries("dir.create('~/many'); invisible(file.create(file.path('~/many', 1:4000)))");
        build.fails("10000000 bytes of disk (builds.disk)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bwrap", NO_BUBBLEWRAP})
    void whatAPackagePlantsLeadsNobodyOut(String program) throws Exception {
        Installation build = new Installation(Map.of(), program);
        Path victim = Files.writeString(root.resolve("victim"), "untouched");
        String library = build.run.library().toString();
        build.tries("""
                setwd('%s')
                file.symlink('%s', 'app.json')
                file.symlink('/etc', 'etc')
                file.symlink('../../../..', 'up')
                file.symlink('nowhere', 'dangling')
                dir.create('kept'); file.create('kept/file'); file.symlink('kept/file', 'inside')
                file.symlink('%s/kept/file', 'absolute')
                system('mkfifo pipe; touch wide; chmod 6777 wide; mkdir closed; touch closed/in; chmod 000 closed')
                """.formatted(library, victim, library));
        build.installs();
        Path plants = build.run.library();
        for (String gone : List.of("app.json", "etc", "up", "dangling", "absolute", "pipe")) {
            assertFalse(Files.exists(plants.resolve(gone), LinkOption.NOFOLLOW_LINKS), gone);
            assertTrue(build.log().contains("removed what leads out of the build: library/" + gone), build::log);
        }
        assertTrue(Files.isRegularFile(plants.resolve("inside")));
        assertEquals(0100755, Files.getAttribute(plants.resolve("wide"), "unix:mode"), "neither setuid nor writable");
        assertTrue(Files.exists(plants.resolve("closed/in")));
        assertEquals("untouched", Files.readString(victim));
        try (Stream<Path> all = Files.walk(build.work)) {
            for (Path path : all.toList()) {
                assertEquals(uid(), Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS), path::toString);
            }
        }
    }

    @Test
    void aFileWithOtherNamesIsNeverHandedOver() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        Path cached = Files.writeString(root.resolve("cached"), "of all");
        Files.createDirectories(build.run.library());
        Files.createLink(build.run.library().resolve("linked"), cached);
        build.tries("if (suppressWarnings(file.append('%s', 'DESCRIPTION'))) stop('changed what others read')"
                .formatted(build.run.library().resolve("linked")));
        build.installs();
        assertEquals("of all", Files.readString(build.run.library().resolve("linked")));
        assertEquals(uid(), Files.getAttribute(cached, "unix:uid"));
    }

    @Test
    void aBuildDirectoryTooDeepForAPathFailsAndIsDeleted() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        build.tries("setwd('%s'); n <- strrep('d', 200); for (i in 1:40) { dir.create(n); setwd(n) }"
                .formatted(build.run.library()));
        assertThrows(BuildFailure.class, build::install);
        Disk.delete(build.work);
        assertFalse(Files.exists(build.work));
    }

    @Test
    void requiredIsRefusedWithoutBubblewrap() {
        String refusal = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Installation(Map.of("sandbox", "required"), NO_BUBBLEWRAP))
                .getMessage();
        assertTrue(refusal.startsWith("sandbox: required, but builds would run WITHOUT A SANDBOX"), refusal);
    }

    @Test
    void offConfinesNothingAndSaysSo() throws Exception {
        Installation build = new Installation(Map.of("sandbox", "off"), "bwrap");
        build.installs();
        assertTrue(build.sandbox.description().contains("WITHOUT A SANDBOX"), build.sandbox::description);
    }

    @Test
    void requiredBuildsInBubblewrapAndSaysWhatIsActive() throws Exception {
        Installation build = new Installation(Map.of("sandbox", "required"), "bwrap");
        build.installs();
        assertTrue(build.sandbox.description().startsWith("in bubblewrap, "), build.sandbox::description);
        assertFalse(build.sandbox.description().contains("NOT"), build.sandbox::description);
    }

    @Test
    void withoutBubblewrapPackagesAreBuiltAndItIsSaidLoudly() throws Exception {
        Installation build = new Installation(Map.of(), NO_BUBBLEWRAP);
        build.installs();
        assertTrue(build.sandbox.description().contains("WITHOUT A SANDBOX"), build.sandbox::description);
    }

    @Test
    void compiledCodeAndReadableDirectoriesWork() throws Exception {
        Installation build = new Installation(Map.of(), "bwrap");
        build.files.put("src/add.c", "#include <Rinternals.h>\nSEXP one(void) { return Rf_ScalarInteger(1); }\n");
        build.files.put("NAMESPACE", "export(answer)\nuseDynLib(stocks)\n");
        build.installs();
        assertTrue(Files.exists(build.run.library().resolve("stocks/libs/stocks.so")));

        Path cache = Files.createDirectories(data.resolve("cache/one"));
        Files.writeString(cache.resolve("file"), "read me\n");
        List<String> said = new ArrayList<>();
        SandboxedCommand command = new SandboxedCommand(
                Stage.DEPENDENCIES,
                List.of("sh", "-c", "cat " + cache + "/file; touch " + cache + "/no || echo $VALUE; ls " + data),
                Map.of("VALUE", "refused"),
                List.of(cache),
                List.of());
        build.sandbox.run(build.run, command, said::add);
        assertTrue(said.contains("read me"), said::toString);
        assertTrue(said.contains("refused") && !said.contains("db"), said::toString);
    }

    private static Build build() {
        Push push = new Push(
                new AppName("alice", "stocks"),
                "",
                "refs/heads/main",
                Deliveries.COMMIT,
                Optional.empty(),
                false,
                Optional.empty(),
                new Person("pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                Push.Wishes.NONE);
        return Runs.running(7, push);
    }

    private static int uid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self").toRealPath(), "unix:uid");
    }

    private static List<String> names(Path directory) {
        return Disk.list(directory).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    /** One build of a package whose code is run by R as it installs it. */
    private final class Installation {
        final Path work = data.resolve("work/builds/7");
        final Map<String, String> files = new HashMap<>(RPackage.answering("stocks", "1.0", "42"));
        final Sandbox sandbox;
        final BuildRun run;

        Installation(Map<String, String> settings, String program) throws IOException {
            Files.createDirectories(work);
            BuilderConfig config = BuilderConfig.from(settings);
            sandbox = Sandbox.detect(config.limits(), data, data.resolve("work/builds"), program);
            run = new BuildRun(
                    build(),
                    work,
                    BuildLog.open(root.resolve("7.log"), Runs.RULES),
                    Deadline.in(Duration.ofMinutes(1)),
                    new StopSignal());
        }

        void tries(String code) {
            files.merge("R/answer.R", "local({\n" + code + "\n})\n", String::concat);
        }

        void install() throws IOException {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = run.packageDirectory().resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            new RInstaller(run, sandbox, List.of()).call();
        }

        void installs() throws IOException {
            try {
                install();
            } catch (BuildFailure failure) {
                throw new AssertionError(sandbox.description() + "\n" + log(), failure);
            }
            assertTrue(Files.exists(run.library().resolve("stocks/DESCRIPTION")));
        }

        void fails(String reason) {
            BuildFailure failure = assertThrows(BuildFailure.class, this::install, this::log);
            assertTrue(failure.getMessage().contains(reason), () -> failure.getMessage() + "\n" + log());
        }

        String log() {
            try {
                return Files.readString(root.resolve("7.log"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
