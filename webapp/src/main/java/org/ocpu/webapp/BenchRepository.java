package org.ocpu.webapp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ocpu.builder.LocalPush;

/** A git repository with a small R package, to clone from and to push to. */
final class BenchRepository {
    private final String owner;
    private final String repo;
    private final Path work;
    private final Path bare;
    private Optional<String> head = Optional.empty();
    private int version;

    /** @param root of the repositories, as {@code github.url} names it */
    BenchRepository(Path root, String owner, String repo) throws IOException, InterruptedException {
        this.owner = owner;
        this.repo = repo;
        this.bare = Files.createDirectories(root.resolve(owner)).resolve(repo + ".git");
        this.work = Files.createDirectories(root.resolve("work").resolve(owner).resolve(repo));
        git("init", "-q", "--bare", "-b", "main", bare.toString());
        git("init", "-q", "-b", "main", ".");
    }

    /** Where it can be cloned from. */
    Path bare() {
        return bare;
    }

    String app() {
        return owner + "/" + repo;
    }

    /** The newest commit. */
    String head() {
        return head.orElseThrow();
    }

    /** Commits another version of the package, pushes it, and returns what GitHub would tell of that. */
    LocalPush push() throws IOException, InterruptedException {
        version++;
        write("DESCRIPTION", """
                Package: bench
                Version: 1.%d
                Title: A Small Package
                Description: One function.
                License: MIT
                """.formatted(version));
        write("NAMESPACE", "export(answer)\n");
        write("R/answer.R", "answer <- function() %d\n".formatted(version));
        git("add", "-A");
        git("commit", "-q", "-m", "Version 1." + version);
        git("push", "-q", bare.toString(), "HEAD:main");
        Optional<String> before = head;
        head = Optional.of(git("rev-parse", "HEAD"));
        return new LocalPush(
                owner,
                repo,
                "main",
                head(),
                new LocalPush.Move(before, false, Instant.now(), Instant.now()),
                "Version 1." + version,
                "Bench",
                "bench@localhost",
                "");
    }

    private void write(String name, String content) throws IOException {
        Path file = work.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Bench", "-c", "user.email=bench@localhost"));
        command.addAll(List.of(arguments));
        return run(work, command);
    }

    /** @throws WebappException when it fails, with what it said */
    static String run(Path directory, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new WebappException(String.join(" ", command) + " failed: " + output.strip());
        }
        return output.strip();
    }
}
