package org.ocpu.builder;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.ocpu.mailer.MailException;
import org.ocpu.mailer.MailStatus;
import org.ocpu.mailer.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the mail about a finished build sent, once. Trouble with it never fails the build. */
final class BuildReport {
    private static final Logger log = LoggerFactory.getLogger(BuildReport.class);

    private final Outbox outbox;
    private final BuildStore store;
    private final MailPolicy policy;
    private final BuildMail mail;

    /** What became of the mail when it was handed over. */
    record Posted(Optional<String> mailId, String detail) {
        private static Posted nothing(String detail) {
            return new Posted(Optional.empty(), detail);
        }
    }

    BuildReport(Outbox outbox, BuildStore store, MailPolicy policy, BuildMail mail) {
        this.outbox = outbox;
        this.store = store;
        this.policy = policy;
        this.mail = mail;
    }

    /** @param build as it ended, before it is marked finished; one that a crash had run again is not mailed again */
    Posted send(Build build, String sessionInfo) {
        BuildChange change = BuildChange.of(build, store.before(build));
        return policy.silence(build, change).map(Posted::nothing).orElseGet(() -> post(build, change, sessionInfo));
    }

    private Posted post(Build build, BuildChange change, String sessionInfo) {
        List<String> recipients = policy.recipients(build.push());
        if (recipients.isEmpty()) {
            return Posted.nothing("no address: the push names none that takes mail");
        }
        try {
            String id = outbox.enqueue(key(build), mail.write(build, change, sessionInfo, recipients));
            return new Posted(Optional.of(id), "to " + String.join(", ", recipients));
        } catch (MailException | IllegalArgumentException | IOException e) {
            log.error("no mail about build {}", build.id(), e);
            return Posted.nothing("trouble: " + e.getMessage());
        }
    }

    /**
     * Numbers begin again when the database is lost, so the number alone could be another build's; and a build that runs again
     * after a crash may end otherwise.
     */
    private static String key(Build build) {
        String end = build.failure().isPresent() ? "failed" : "live";
        return "build-%d of %s %s".formatted(build.id(), build.times().queued(), end);
    }

    /** The address of the app: its page when it has one, else its functions. */
    URI address(AppName app, Description description) {
        return mail.address(app, description);
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
}
