package org.ocpu.builder;

import java.util.List;
import org.ocpu.mailer.MailException;
import org.ocpu.mailer.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the admin told of runs. Trouble with it never fails a run. */
final class SyncReport {
    private static final Logger log = LoggerFactory.getLogger(SyncReport.class);

    private final BuilderConfig.Reports reports;
    private final Outbox outbox;

    SyncReport(BuilderConfig.Reports reports, Outbox outbox) {
        this.reports = reports;
        this.outbox = outbox;
    }

    /** What requests asked for is nobody's to be told: anybody could have a mail sent. */
    void send(SyncConfig sync, SyncRunView run, List<SyncPackageView> packages) {
        if (sync.asked()) {
            return;
        }
        try {
            SyncMail.of(reports, sync.mailOn(), run, packages)
                    .ifPresent(mail -> outbox.enqueue("sync-run-%d of %s".formatted(run.id(), run.startedAt()), mail));
        } catch (MailException | IllegalArgumentException e) {
            log.error("no mail about run {}", run.id(), e);
        }
    }
}
