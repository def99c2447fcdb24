package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real git server and checkouts from it, without the rest of a build. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class GitFixture {
    static final AppName APP = new AppName("alice", "stocks");
    static final String MAIN = "refs/heads/main";

    private int builds;

    @TempDir
    Path root;

    GitServer github;
    StopSignal stop;

    @BeforeEach
    void open() throws IOException {
        github = new GitServer(root.resolve("github"));
        stop = new StopSignal();
    }

    @AfterEach
    void close() {
        github.close();
    }

    Path repositories() {
        return root.resolve("data/git");
    }

    BuilderConfig config(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(Map.of("github.url", github.url().toString()));
        settings.putAll(more);
        return BuilderConfig.from(settings);
    }

    Patience patience() {
        return new Patience(Deadline.in(Duration.ofMinutes(1)), stop);
    }

    static Push push(AppName app, String ref, String commit) {
        return push(app, "", ref, commit, RefPolicy.DEFAULT);
    }

    static Push push(AppName app, String directory, String ref, String commit, RefPolicy policy) {
        return new Push(
                app,
                directory,
                ref,
                commit,
                Optional.empty(),
                false,
                Optional.empty(),
                new Person("pat", Optional.empty()),
                Optional.empty(),
                List.of(),
                true,
                new Push.Wishes(true, Optional.empty(), policy));
    }

    BuildRun run(Push push) throws IOException {
        long id = ++builds;
        Path work = Files.createDirectories(root.resolve("work/" + id));
        Build build = Runs.running(id, push);
        return new BuildRun(
                build,
                work,
                BuildLog.open(root.resolve(id + ".log"), Runs.RULES),
                Deadline.in(Duration.ofMinutes(1)),
                stop);
    }

    /** Checks a push out; the files are in the run's source. */
    BuildRun checkout(Push push, Map<String, String> settings) throws IOException {
        BuildRun run = run(push);
        new GitCheckout(run, config(settings), repositories()).call();
        return run;
    }

    BuildRun checkout(String commit) throws IOException {
        return checkout(push(APP, MAIN, commit), Map.of());
    }

    /** Everything a reader of the log or of a stack trace sees of a checkout that fails. */
    String refusal(Push push, Map<String, String> settings) throws IOException {
        BuildRun run = run(push);
        BuildFailure failure =
                assertThrows(BuildFailure.class, () -> new GitCheckout(run, config(settings), repositories()).call());
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return failure.getMessage() + "\n" + trace + "\n" + log(run);
    }

    static String log(BuildRun run) throws IOException {
        return Files.readString(run.log().file());
    }

    static String read(BuildRun run, String file) throws IOException {
        return Files.readString(run.source().resolve(file));
    }
}
