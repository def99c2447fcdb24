package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ocpu.mailer.MailException;
import org.ocpu.mailer.MailStatus;
import org.ocpu.mailer.Message;
import org.ocpu.mailer.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mail about a finished build, to its pusher and the repository's owner. Trouble with it never fails the build. */
final class BuildReport {
    private static final Logger log = LoggerFactory.getLogger(BuildReport.class);
    private static final int LONGEST_LOG = 200_000;

    private final Outbox outbox;
    private final BuilderConfig config;
    private final BuildLogs logs;
    private final AppLibrary apps;

    /** What became of the mail when it was handed over. */
    record Posted(Optional<String> mailId, String detail) {}

    BuildReport(BuilderConfig config, Outbox outbox, BuildLogs logs, AppLibrary apps) {
        this.config = config;
        this.outbox = outbox;
        this.logs = logs;
        this.apps = apps;
    }

    /** @param build as it ended, before it is marked finished */
    Posted send(Build build, String sessionInfo) {
        if (!build.push().wishes().sendMail()) {
            return new Posted(Optional.empty(), "switched off by sendmail=false");
        }
        List<String> recipients = recipients(build.push());
        if (recipients.isEmpty()) {
            return new Posted(Optional.empty(), "no address: the push names none that takes mail");
        }
        try {
            List<String> cc = recipients.subList(1, recipients.size());
            String id = outbox.enqueue(new Message(
                    config.reports().sender(), recipients.subList(0, 1), cc, subject(build), text(build, sessionInfo)));
            return new Posted(Optional.of(id), "to " + String.join(", ", recipients));
        } catch (MailException | IllegalArgumentException | IOException e) {
            log.error("no mail about build {}", build.id(), e);
            return new Posted(Optional.empty(), "trouble: " + e.getMessage());
        }
    }

    /** Where the mail about a build is, in words. */
    String status(Build build) {
        try {
            return build.mailId()
                    .flatMap(outbox::status)
                    .map(BuildReport::words)
                    .orElse(build.mail());
        } catch (MailException e) {
            log.warn("the state of the mail about build {} cannot be read", build.id(), e);
            return build.mail();
        }
    }

    private static String words(MailStatus status) {
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        return switch (status.state()) {
            case SENT -> "sent" + detail;
            case KEPT -> "kept in the outbox";
            case WAITING -> "waiting" + detail;
            case FAILED -> "failed" + detail;
        };
    }

    /** The pusher first, then the owner if that is someone else. */
    private static List<String> recipients(Push push) {
        List<String> all = new ArrayList<>();
        push.pusher().reachable().ifPresent(all::add);
        push.owner()
                .filter(owner -> push.wishes().mailOwner().orElse(true))
                .flatMap(Person::reachable)
                .filter(address -> all.stream().noneMatch(address::equalsIgnoreCase))
                .ifPresent(all::add);
        return all;
    }

    private static String subject(Build build) {
        String push = "%s@%s".formatted(build.push().app(), build.push().shortCommit());
        return build.failure()
                .map(failure ->
                        "[ocpu] %s failed: %s".formatted(push, failure.stage().label()))
                .orElseGet(() -> "[ocpu] %s is live".formatted(push));
    }

    private String text(Build build, String sessionInfo) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(build.failure().map(failure -> failed(build, failure)).orElseGet(() -> live(build)));
        text.append("\nBuild:  ")
                .append(config.reports().site())
                .append("/builds/")
                .append(build.id());
        text.append("\nBranch: ").append(build.push().branch());
        text.append("\nPushed by ").append(build.push().pusher().name()).append("\n");
        section(text, "Commits", commits(build.push()));
        section(text, "Build log", logs.tail(build.id(), LONGEST_LOG));
        section(text, "Session", sessionInfo);
        return text.toString();
    }

    private static void section(StringBuilder text, String title, String content) {
        if (!content.isBlank()) {
            text.append("\n")
                    .append(title)
                    .append("\n")
                    .append("-".repeat(title.length()))
                    .append("\n");
            text.append(content.strip()).append("\n");
        }
    }

    private String live(Build build) {
        Description description = build.description().orElseThrow();
        return "%s %s (commit %s) is live:\n%s\n"
                .formatted(
                        description.name(),
                        description.version(),
                        build.push().shortCommit(),
                        address(build.push().app(), description));
    }

    private String failed(Build build, Build.Failure failure) {
        String unchanged = apps.live(build.push().app())
                .map(version -> "The version that was live stays live: "
                        + base(build.push().app()))
                .orElse("No version of it is live.");
        return "The build of %s (commit %s) failed at the stage %s:\n\n%s\n\n%s\n"
                .formatted(
                        build.push().app(),
                        build.push().shortCommit(),
                        failure.stage().label(),
                        failure.reason().indent(2).stripTrailing(),
                        unchanged);
    }

    /** The address of the app: its page when it has one, else its functions. */
    URI address(AppName app, Description description) {
        boolean page = apps.live(app)
                .map(version -> version.resolve(description.name()).resolve("www"))
                .filter(Files::isDirectory)
                .isPresent();
        return URI.create(base(app) + (page ? "www/" : "R/"));
    }

    private String base(AppName app) {
        return "%s%s/apps/%s/"
                .formatted(config.reports().site(), config.reports().root(), app);
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
