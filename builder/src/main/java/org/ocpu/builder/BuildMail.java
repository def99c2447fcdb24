package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.mailer.Message;

/** Writes the mail about a finished build. */
final class BuildMail {
    private static final int LONGEST_LOG = 200_000;

    private final BuilderConfig.Reports reports;
    private final BuildLogs logs;
    private final AppLibrary apps;

    BuildMail(BuilderConfig.Reports reports, BuildLogs logs, AppLibrary apps) {
        this.reports = reports;
        this.logs = logs;
        this.apps = apps;
    }

    /** @param recipients at least one */
    Message write(Build build, BuildChange change, String sessionInfo, List<String> recipients) throws IOException {
        Letter letter = letter(build, change, sessionInfo);
        return new Message(
                reports.sender(),
                recipients.subList(0, 1),
                recipients.subList(1, recipients.size()),
                "[ocpu] %s@%s %s".formatted(build.app(), build.push().shortCommit(), change.words(build)),
                letter.text(),
                Optional.of(letter.html()),
                MailIds.of(build.app(), reports.site()).thread(build));
    }

    /** The address of the app: its page when it has one, else its functions. */
    URI address(AppName app, Description description) {
        boolean page = apps.live(app)
                .map(version -> version.resolve(description.name()).resolve("www"))
                .filter(Files::isDirectory)
                .isPresent();
        return URI.create(base(app) + (page ? "www/" : "R/"));
    }

    private Letter letter(Build build, BuildChange change, String sessionInfo) throws IOException {
        return new Letter(
                new Letter.Badge(badge(change), !change.failure()),
                build.failure().isPresent() ? failed(build, change) : live(build),
                build.failure().isPresent()
                        ? Optional.empty()
                        : build.description().map(it -> address(build.app(), it)),
                build.failure().map(Build.Failure::reason),
                build.failure().isPresent() ? outcome(build.app()) : "",
                new Letter.Page("Build", "See the build", URI.create(reports.site() + "/builds/" + build.id())),
                facts(build),
                List.of(
                        new Letter.Section("Commits", commits(build.push())),
                        new Letter.Section("Build log", logs.tail(build.id(), LONGEST_LOG)),
                        new Letter.Section("Session", sessionInfo)));
    }

    private static String badge(BuildChange change) {
        return switch (change) {
            case LIVE, STILL_LIVE -> "live";
            case FIXED -> "fixed";
            case FAILED -> "failed";
            case STILL_FAILING -> "still failing";
        };
    }

    private static String live(Build build) {
        Description description = build.description().orElseThrow();
        return "%s %s (commit %s) is live"
                .formatted(
                        description.name(), description.version(), build.push().shortCommit());
    }

    private static String failed(Build build, BuildChange change) {
        return "The build of %s (commit %s) %s at the stage %s"
                .formatted(
                        build.app(),
                        build.push().shortCommit(),
                        change == BuildChange.STILL_FAILING ? "still fails" : "failed",
                        build.failure().orElseThrow().stage().label());
    }

    private String outcome(AppName app) {
        return apps.live(app)
                .map(version -> "The version that was live stays live: " + base(app))
                .orElse("No version of it is live.");
    }

    private static List<Letter.Fact> facts(Build build) {
        Push push = build.push();
        return List.of(
                new Letter.Fact("App", push.app().toString()),
                new Letter.Fact(kind(push.ref()), name(push)),
                new Letter.Fact("Pushed by", push.pusher().name()));
    }

    private static String name(Push push) {
        return push.ref().startsWith("refs/pull/") ? push.branch().replaceFirst("/.*", "") : push.branch();
    }

    private static String kind(String ref) {
        if (ref.startsWith("refs/pull/")) {
            return "Pull request";
        }
        return ref.startsWith("refs/tags/") ? "Tag" : "Branch";
    }

    private String base(AppName app) {
        return "%s/apps/%s/".formatted(reports.api(), app);
    }

    private static String commits(Push push) {
        return push.commits().stream()
                .map(commit -> "%s %s (%s)"
                        .formatted(
                                Text.shorten(commit.id(), 7).replace("…", ""),
                                Text.line(Text.firstLine(commit.message()), 200),
                                commit.author()))
                .collect(Collectors.joining("\n"));
    }
}
