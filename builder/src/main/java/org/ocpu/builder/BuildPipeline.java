package org.ocpu.builder;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ocpu.app.LoadCheck;
import org.ocpu.builder.PushOrder.Order;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a build through its stages: checkout, dependencies, install, check, publish, and whatever comes of them, report. */
final class BuildPipeline {
    private static final Logger log = LoggerFactory.getLogger(BuildPipeline.class);
    private static final int LONGEST_CRASH = 4_000;
    private static final int KNOWN_PUSHES = 200;

    /** The directories a build works with. */
    record Places(Path data, Path repositories, Path work) {}

    private final BuilderConfig config;
    private final Places places;
    private final Dependencies.Means means;
    private final LoadChecker checker;
    private final BuildRecords records;

    BuildPipeline(Places places, Dependencies.Means means, LoadChecker checker, BuildRecords records) {
        this.config = means.config();
        this.places = places;
        this.means = means;
        this.checker = checker;
        this.records = records;
    }

    /** Runs a build that was begun; a failure of it is its result, not an exception. False when the server stopped it. */
    boolean run(Build build, StopSignal stop) {
        records.news().accept(build);
        BuildRun run = begin(build, stop);
        Optional<State> state;
        try {
            state = outcome(run);
        } finally {
            Disk.delete(run.work());
        }
        state.ifPresent(ended -> end(run, ended));
        return state.isPresent();
    }

    /** How the build ends; nothing when the server stopped it. */
    private Optional<State> outcome(BuildRun run) {
        try {
            report(run, sessionInfoOf(run));
            return Optional.of(State.SUCCEEDED);
        } catch (BuildFailure e) { // its stage has written down why
            report(run, "");
            return Optional.of(State.FAILED);
        } catch (Superseded e) {
            run.log().line(Stage.CHECKOUT, e.getMessage() + ", which is newer");
            records.store().supersedeRunning(run.id(), e.newer());
            return Optional.of(State.SUPERSEDED);
        } catch (Skipped e) {
            run.log().line(Stage.REPORT, e.getMessage());
            return Optional.of(State.CANCELLED);
        } catch (BuildStopped e) {
            boolean cancelled = run.stop().cancelled();
            run.log()
                    .line(
                            Stage.REPORT,
                            cancelled ? "cancelled" : "the server stops; the build runs again after its next start");
            return cancelled ? Optional.of(State.CANCELLED) : Optional.empty();
        }
    }

    /** Ends a build that two crashes of the server interrupted. */
    void giveUp(Build build) {
        BuildRun run = begin(build, new StopSignal());
        String reason = "the server ended while this build ran, twice; it is not tried again on its own"
                + " (./ocpu rebuild " + build.id() + " does)";
        failed(run, Stage.QUEUE, new BuildFailure(reason));
        report(run, "");
        end(run, State.FAILED);
    }

    /** Builds, and returns what R said of the session it loaded the package in. */
    private String sessionInfoOf(BuildRun run) {
        if (run.build().publishing() && records.apps().holds(run.push().app(), run.id())) {
            run.log().line(Stage.PUBLISH, "this build's version was complete when the server ended");
            run.stop().commit();
            stage(
                    run,
                    Stage.PUBLISH,
                    () -> publish(run, run.build().description().orElseThrow(), Origin.UNKNOWN));
            return "";
        }
        records.store().notPublishing(run.id());
        Checkout checkout = stage(run, Stage.CHECKOUT, () -> checkout(run));
        Description description = checkout.description();
        List<Path> dependencies = stage(run, Stage.DEPENDENCIES, () -> dependencies(run));
        stage(run, Stage.INSTALL, () -> install(run, dependencies));
        LoadCheck check = stage(run, Stage.CHECK, () -> check(run, description));
        run.stop().commit();
        stage(run, Stage.PUBLISH, () -> publish(run, description, checkout.origin()));
        return check.sessionInfo();
    }

    /** @param origin before anything of the author's ran */
    private record Checkout(Description description, Origin origin) {}

    private Checkout checkout(BuildRun run) {
        run.log().line(Stage.CHECKOUT, "builds run " + means.sandbox().description());
        GitCheckout checkout = new GitCheckout(run, config, places.repositories());
        checkout.call();
        requireNewest(run);
        Description description = Description.read(run.packageDirectory());
        Optional<ReadmeCopy.Kept> readme = new ReadmeCopy(run).call();
        new BuildIgnore(run.packageDirectory()).call();
        run.log().line(Stage.CHECKOUT, "package " + description.name() + " " + description.version());
        records.store().describe(run.id(), description);
        Optional<SourceArchive.Kept> source = new SourceArchive(run, description).call();
        return new Checkout(description, new Origin(source, readme, checkout.page()));
    }

    /**
     * Of this build and all else of its app that waits or is live, the newest counts: a late delivery must not undo it.
     *
     * @throws Superseded when this is not it
     */
    private void requireNewest(BuildRun run) {
        Build build = run.build();
        List<Push> known = records.store().ofApp(build.app(), KNOWN_PUSHES).stream()
                .map(Build::push)
                .toList();
        for (Build rival : records.store().rivals(build)) {
            Order order = build.order(rival, known);
            if (order == Order.UNKNOWN) {
                Path scratch = run.work().resolve("order-" + rival.id());
                Patience patience = new Patience(run.deadline(), run.stop());
                order = new PushOrder(config.github(), places.repositories(), scratch, patience)
                        .order(build.push(), rival.push());
                Disk.delete(scratch);
            }
            if (order == Order.OLDER) {
                throw new Superseded(rival.id());
            }
            if (order == Order.NEWER && rival.state() == State.QUEUED) {
                records.supersede(rival, build);
            }
        }
    }

    private List<Path> dependencies(BuildRun run) {
        return new Dependencies(run, means, new GitRemotes(run, config)).call();
    }

    private boolean install(BuildRun run, List<Path> dependencies) {
        new RInstaller(run, means.sandbox(), dependencies).call();
        return true;
    }

    private LoadCheck check(BuildRun run, Description description) {
        LoadCheck check = checker.check(run.library(), description.name(), run.deadline(), run.stop());
        String output = Text.shorten(run.withoutPaths(check.output()).strip(), LONGEST_CRASH);
        if (!check.loads()) {
            throw new BuildFailure("the package does not load: " + output);
        }
        run.log().line(Stage.CHECK, output);
        run.log().line(Stage.CHECK, "the package loads");
        return check;
    }

    private boolean publish(BuildRun run, Description description, Origin origin) {
        records.store().publishing(run.id());
        records.apps().publish(run, description, origin, () -> records.store().removed(run.id()));
        records.store().published(run.id());
        String address = records.report().address(run.push().app(), description).toString();
        run.log().line(Stage.PUBLISH, "live at " + address);
        return true;
    }

    private BuildRun begin(Build build, StopSignal stop) {
        BuildLog buildLog = records.logs().open(build.id());
        Path work = places.work().resolve(Long.toString(build.id()));
        Disk.delete(work);
        return new BuildRun(build, work, buildLog, Deadline.in(config.builds().limit()), stop);
    }

    /** Runs one stage and writes down how it went. */
    private <T> T stage(BuildRun run, Stage stage, Supplier<T> work) {
        if (stage != Stage.PUBLISH && stage != Stage.REPORT) {
            run.stop().check();
        }
        records.store().beginStage(run.id(), stage);
        try {
            T result = work.get();
            records.store().endStage(run.id(), stage, State.SUCCEEDED);
            return result;
        } catch (BuildFailure e) {
            throw failed(run, stage, e);
        } catch (Superseded e) {
            records.store().endStage(run.id(), stage, State.SUPERSEDED);
            throw e;
        } catch (BuildStopped | Skipped e) {
            records.store().endStage(run.id(), stage, State.CANCELLED);
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
        String reason = run.log().withoutSecrets(failure.getMessage());
        records.store().fail(run.id(), new Build.Failure(stage, reason));
        run.log().line(stage, "failed: " + reason);
        return failure;
    }

    private void report(BuildRun run, String sessionInfo) {
        records.store().beginStage(run.id(), Stage.REPORT);
        Build build = records.store().build(run.id()).orElseThrow();
        BuildReport.Posted mail = records.report().send(build, sessionInfo);
        records.store().mailed(run.id(), mail.mailId(), mail.detail());
        run.log().line(Stage.REPORT, "mail: " + mail.detail());
        records.store().endStage(run.id(), Stage.REPORT, State.SUCCEEDED);
    }

    private void end(BuildRun run, State state) {
        records.store().finish(run.id(), state);
        records.logs().end(run.id());
        records.store().build(run.id()).ifPresent(records.news());
    }
}
