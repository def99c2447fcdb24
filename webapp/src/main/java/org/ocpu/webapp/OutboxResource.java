package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.ocpu.mailer.MailStatus;
import org.ocpu.mailer.Outbox;
import org.ocpu.mailer.ParkedMail;
import org.ocpu.mailer.WaitingMail;

/** Mails that were given up, in the JSON API: for the admin to see why, and to send them again once that is mended. */
final class OutboxResource {
    private static final int LISTED = 200;

    private final Outbox outbox;

    OutboxResource(Outbox outbox) {
        this.outbox = outbox;
    }

    void list(Context ctx) {
        ctx.json(outbox.parked().stream().map(OutboxResource::json).toList());
    }

    /** Those that nobody has got yet, but may. */
    void waiting(Context ctx) {
        ctx.json(outbox.waiting(LISTED).stream().map(OutboxResource::json).toList());
    }

    /** 202, since it is delivered after this answer. */
    void resend(Context ctx) {
        String id = ctx.pathParam("id");
        if (!outbox.resend(id)) {
            throw new NotFoundResponse("No mail " + id + " was given up.");
        }
        MailStatus now = outbox.status(id).orElseThrow();
        ctx.status(202).json(Map.of("id", id, "state", now.state().name().toLowerCase(Locale.ROOT)));
    }

    private static Map<String, Object> json(WaitingMail mail) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", mail.id());
        json.put("state", mail.status().state().name().toLowerCase(Locale.ROOT));
        json.put("recipients", mail.recipients());
        json.put("subject", mail.subject());
        json.put("queuedAt", mail.queued().toString());
        json.put("attempts", mail.status().attempts());
        json.put("why", mail.status().detail());
        mail.status().nextAttempt().ifPresent(next -> json.put("nextAttemptAt", next.toString()));
        return json;
    }

    private static Map<String, Object> json(ParkedMail mail) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", mail.id());
        json.put("recipients", mail.recipients());
        json.put("subject", mail.subject());
        json.put("queuedAt", mail.queued().toString());
        json.put("attempts", mail.status().attempts());
        json.put("why", mail.status().detail());
        return json;
    }
}
