package org.ocpu.builder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReadmeCopyTest {
    @TempDir
    Path root;

    private BuildLogs logs;
    private BuildRun run;

    @BeforeEach
    void open() throws IOException {
        logs = new BuildLogs(Files.createDirectories(root.resolve("logs")), Runs.RULES);
        Push push = GitFixture.push(
                new AppName("alice", "stocks"), "r/stocks", "refs/heads/main", Deliveries.COMMIT, RefPolicy.DEFAULT);
        Path work = Files.createDirectories(root.resolve("work"));
        run = new BuildRun(
                Runs.running(7, push), work, logs.open(7), Deadline.in(Duration.ofMinutes(1)), new StopSignal());
        Files.createDirectories(run.packageDirectory());
    }

    @AfterEach
    void close() {
        logs.close();
    }

    private void file(String path, String text) throws IOException {
        Path file = run.source().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Optional<String> path() {
        return new ReadmeCopy(run).call().map(ReadmeCopy.Kept::path);
    }

    private String log() throws IOException {
        return Files.readString(root.resolve("logs").resolve("7.log"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "readme.MD", "ReadMe.markdown", "README"})
    void itIsFoundBesideThePackageInAnyCase(String name) throws IOException {
        file("README.md", "of the repository");
        file("r/stocks/" + name, "of the package");
        ReadmeCopy.Kept kept = new ReadmeCopy(run).call().orElseThrow();
        assertEquals("r/stocks/" + name, kept.path());
        assertEquals("of the package", Files.readString(kept.file()));
    }

    @Test
    void elseTheOneAtTheTopCounts() throws IOException {
        file("README.markdown", "of the repository");
        file("r/README.md", "of no package");
        assertEquals(Optional.of("README.markdown"), path());
    }

    @Test
    void markdownComesBeforePlainText() throws IOException {
        file("r/stocks/README", "plain");
        file("r/stocks/readme.md", "rich");
        assertEquals(Optional.of("r/stocks/readme.md"), path());
    }

    @Test
    void aRepositoryMayHaveNone() throws IOException {
        Files.createDirectory(run.source().resolve("README.md"));
        file("README.txt", "x");
        assertEquals(Optional.empty(), path());
    }

    @Test
    void whatIsTooLargeIsNotKept() throws IOException {
        file("README.md", "x".repeat((512 << 10) + 1));
        assertEquals(Optional.empty(), path());
        assertTrue(log().contains("no README is kept: it has more than"), log());
        file("README.md", "x".repeat(512 << 10));
        assertEquals(Optional.of("README.md"), path());
    }

    @Test
    void aLinkLeadsNowhereElse() throws IOException {
        file("docs/intro.md", "within");
        Files.createSymbolicLink(run.packageDirectory().resolve("README.md"), Path.of("../../docs/intro.md"));
        assertEquals(Optional.of("docs/intro.md"), path());
        Files.delete(run.packageDirectory().resolve("README.md"));
        Path secret = Files.write(root.resolve("secret"), "secret".getBytes(UTF_8));
        Files.createSymbolicLink(run.packageDirectory().resolve("README.md"), secret);
        assertEquals(Optional.empty(), path());
        assertTrue(log().contains("a link that leads out of the repository"), log());
        Files.delete(run.packageDirectory().resolve("README.md"));
        file(".git/config", "secret");
        Files.createSymbolicLink(run.packageDirectory().resolve("README.md"), Path.of("../../.git/config"));
        assertEquals(Optional.empty(), path());
    }
}
