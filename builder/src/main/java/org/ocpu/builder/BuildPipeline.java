package org.ocpu.builder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.ocpu.app.LoadCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a build through its stages: checkout, install, check, publish, and whatever comes of them, report. */
final class BuildPipeline {
    private static final Logger log = LoggerFactory.getLogger(BuildPipeline.class);
    private static final int LONGEST_CRASH = 4_000;

    /** The directories a build works with. */
    record Places(Path data, Path repositories, Path work) {}

    private final BuilderConfig config;
    private final Places places;
    private final Sandbox sandbox;
    private final LoadChecker checker;
    private final Records records;
    private final StopSignal stop;

    /** Where builds are written down. */
    record Records(BuildStore store, BuildLogs logs, AppLibrary apps, BuildReport report) {}

    BuildPipeline(
            BuilderConfig config,
            Places places,
            Sandbox sandbox,
            LoadChecker checker,
            Records records,
            StopSignal stop) {
        this.config = config;
        this.places = places;
        this.sandbox = sandbox;
        this.checker = checker;
        this.records = records;
        this.stop = stop;
    }

    /** Runs a waiting build; a failure of it is its result, not an exception. False when it was stopped or not waiting. */
    boolean run(Build build) {
        if (stop.stopped() || !records.store().begin(build.id())) {
            return false;
        }
        BuildRun run = begin(build);
        try {
            finish(run, sessionInfoOf(run));
            return true;
        } catch (BuildStopped e) {
            run.log().line(Stage.REPORT, "the server stops; the build runs again after its next start");
            return false;
        } finally {
            Disk.delete(run.work());
        }
    }

    /** Builds, and returns what R said of the session it loaded the package in; nothing when the build failed. */
    private String sessionInfoOf(BuildRun run) {
        try {
            return build(run);
        } catch (BuildFailure e) {
            return ""; // its stage has written down why
        }
    }

    private String build(BuildRun run) {
        Description description = stage(run, Stage.CHECKOUT, () -> checkout(run));
        stage(run, Stage.INSTALL, () -> install(run));
        LoadCheck check = stage(run, Stage.CHECK, () -> check(run, description));
        stage(run, Stage.PUBLISH, () -> publish(run, description));
        return check.sessionInfo();
    }

    private Description checkout(BuildRun run) {
        new GitCheckout(run, config.github().url(), places.repositories()).call();
        Description description = Description.read(run.source());
        run.log().line(Stage.CHECKOUT, "package " + description.name() + " " + description.version());
        records.store().describe(run.id(), description);
        return description;
    }

    private boolean install(BuildRun run) {
        new RInstaller(run, sandbox, places.data()).call();
        return true;
    }

    private LoadCheck check(BuildRun run, Description description) {
        LoadCheck check = load(run, description);
        String output = Text.shorten(run.withoutPaths(check.output()).strip(), LONGEST_CRASH);
        if (!check.loads()) {
            throw new BuildFailure("the package does not load: " + output);
        }
        run.log().line(Stage.CHECK, output);
        run.log().line(Stage.CHECK, "the package loads");
        return check;
    }

    private LoadCheck load(BuildRun run, Description description) {
        Duration left = run.deadline().remaining();
        if (left.isZero()) {
            throw run.deadline().failure();
        }
        Thread here = Thread.currentThread();
        StopSignal.Registration interrupt = stop.onStop(here::interrupt);
        try {
            return checker.check(run.library(), description.name(), left);
        } catch (RuntimeException e) {
            stop.check();
            throw e;
        } finally {
            interrupt.cancel();
            Thread.interrupted(); // the database's files must not be touched by an interrupted thread
        }
    }

    private boolean publish(BuildRun run, Description description) {
        OptionalLong newer = records.store().newerPublished(run.build());
        if (newer.isPresent()) {
            throw new BuildFailure("superseded by #" + newer.getAsLong());
        }
        records.apps().publish(run, description);
        records.store().published(run.id());
        String address = records.report().address(run.push().app(), description).toString();
        run.log().line(Stage.PUBLISH, "live at " + address);
        return true;
    }

    private BuildRun begin(Build build) {
        BuildLog buildLog = records.logs().open(build.id());
        Path work = places.work().resolve(Long.toString(build.id()));
        Disk.delete(work);
        return new BuildRun(build, work, buildLog, Deadline.in(config.builds().limit()), stop);
    }

    /** Runs one stage and writes down how it went. */
    private <T> T stage(BuildRun run, Stage stage, Supplier<T> work) {
        stop.check();
        records.store().beginStage(run.id(), stage);
        try {
            T result = work.get();
            records.store().endStage(run.id(), stage, State.SUCCEEDED);
            return result;
        } catch (BuildFailure e) {
            throw failed(run, stage, e);
        } catch (BuildStopped e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("build {} failed at the stage {}", run.id(), stage.label(), e);
            throw failed(
                    run,
                    stage,
                    new BuildFailure("an error of this server; its log tells more under build " + run.id(), e));
        }
    }

    private BuildFailure failed(BuildRun run, Stage stage, BuildFailure failure) {
        records.store().endStage(run.id(), stage, State.FAILED);
        records.store().fail(run.id(), new Build.Failure(stage, failure.getMessage()));
        run.log().line(stage, "failed: " + failure.getMessage());
        return failure;
    }

    private void finish(BuildRun run, String sessionInfo) {
        stage(run, Stage.REPORT, () -> {
            Build build = records.store().build(run.id()).orElseThrow();
            BuildReport.Posted mail = records.report().send(build, sessionInfo);
            records.store().mailed(run.id(), mail.mailId(), mail.detail());
            run.log().line(Stage.REPORT, "mail: " + mail.detail());
            return mail;
        });
        records.store().finish(run.id());
        records.logs().end(run.id());
    }
}
