package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.util.Map;
import java.util.OptionalLong;
import org.ocpu.app.BadRequestException;

/** The server's log in the JSON API. */
final class LogResource {
    private static final int LINES = 200;
    private static final int MOST = 2_000;

    private final LogFeed log;
    private final AdminGuard admin;

    LogResource(LogFeed log, AdminGuard admin) {
        this.log = log;
        this.admin = admin;
    }

    /** Its last lines, as text. */
    void tail(Context ctx) {
        Answers.lines(ctx, log.tail(lines(ctx)));
    }

    private static int lines(Context ctx) {
        OptionalLong asked = Parameters.of(ctx, "lines").number("lines");
        if (asked.isPresent() && (asked.getAsLong() < 1 || asked.getAsLong() > MOST)) {
            throw new BadRequestException("Parameter lines is to be from 1 to " + MOST + ".");
        }
        return (int) asked.orElse(LINES);
    }

    /** 400 before the events begin, which would be a 200. */
    void beforeEvents(Context ctx) {
        lines(ctx);
    }

    /**
     * {@code tail} with its last lines, then a {@code line} for each that comes. A line that comes at that moment may be in both, and
     * none in neither.
     */
    void events(SseClient client) {
        int lines = lines(client.ctx());
        EventMailbox mailbox = new EventMailbox(client, admin.stays(client.ctx()), MOST);
        log.listeners().add(mailbox);
        mailbox.put("tail", Map.of("lines", log.tail(lines)));
        mailbox.open();
    }
}
