package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server on a machine that has no bubblewrap. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FallbackIT {
    @TempDir
    Path root;

    @Test
    void buildsAndSaysThatThereIsNoSandbox() throws Exception {
        try (GitServer github = new GitServer(root.resolve("github"))) {
            AppName app = new AppName("alice", "stocks");
            String commit = github.commit(app, RPackage.answering("stocks", "1.0", "42"));
            List<String> said = build(github, app, commit);
            assertTrue(said.stream().anyMatch(line -> line.contains("builds run WITHOUT A SANDBOX")), said::toString);
            assertTrue(said.stream().anyMatch(line -> line.contains("[publish] live at")), said::toString);
        }
        Path library = root.resolve("data/apps/alice/stocks/current");
        assertEquals(
                "42",
                Rscript.run("cat(getExportedValue(loadNamespace('stocks', lib.loc = '%s'), 'answer')())"
                        .formatted(library)));
    }

    /** What a server of its own process, without bubblewrap on its path, says until the build has ended. */
    private List<String> build(GitServer github, AppName app, String commit) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServer.class.getName(),
                        root.resolve("data").toString(),
                        github.url().toString(),
                        app.owner(),
                        app.repo(),
                        commit)
                .redirectErrorStream(true);
        command.environment().put("PATH", programsWithoutBubblewrap().toString());
        Process server = command.start();
        List<String> said = new ArrayList<>();
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null && !line.equals("end"); line = output.readLine()) {
                said.add(line);
            }
        } finally {
            server.destroyForcibly().waitFor();
        }
        return said;
    }

    private Path programsWithoutBubblewrap() throws IOException {
        Path programs = Files.createDirectories(root.resolve("bin"));
        for (String path : System.getenv("PATH").split(":")) {
            for (Path program : Disk.list(Path.of(path))) {
                Path link = programs.resolve(program.getFileName());
                if (!program.endsWith("bwrap") && !Files.exists(link)) {
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, program);
                }
            }
        }
        return programs;
    }
}
