package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The errors that nobody expected, the newest of them, by the ids that their answers show. Thread-safe. */
final class KeptErrors {
    static final int MOST = 100;
    private static final int LONGEST_TRACE = 64 * 1024;

    private final SecureRandom random = new SecureRandom();
    private final Deque<KeptError> newestFirst = new ArrayDeque<>();

    /**
     * What is known of one. Sessions' keys are in none of it.
     *
     * @param path without the query
     * @param trace as in the log
     */
    record KeptError(String id, Instant at, String method, String path, String type, String message, String trace) {}

    /** Returns the id. */
    String keep(Throwable e, Context ctx) {
        return keep(e, ctx.method().name(), ctx.path());
    }

    String keep(Throwable e, String method, String path) {
        byte[] bytes = new byte[4];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        add(new KeptError(
                id,
                Instant.now(),
                method,
                Logs.masked(path),
                e.getClass().getName(),
                Logs.masked(String.valueOf(e.getMessage())),
                trace(e)));
        return id;
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        String trace = Logs.masked(text.toString());
        return trace.length() > LONGEST_TRACE ? trace.substring(0, LONGEST_TRACE) + "..." : trace;
    }

    private synchronized void add(KeptError error) {
        newestFirst.addFirst(error);
        if (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
    }

    synchronized List<KeptError> newestFirst() {
        return List.copyOf(newestFirst);
    }

    Optional<KeptError> find(String id) {
        return newestFirst().stream().filter(one -> one.id().equals(id)).findFirst();
    }
}
