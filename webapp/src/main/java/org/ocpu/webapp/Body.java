package org.ocpu.webapp;

import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.ocpu.app.BadRequestException;
import org.ocpu.app.OverloadedException;

/** Request bodies, bounded whether or not the client announces their length. */
final class Body {
    private static final int SKIPPED = 64 * 1024;

    /** The most that is taken in of a body that is refused, in bytes. */
    private static final long PATIENCE = 1L << 30;

    /** Smaller bodies are never many enough to matter. */
    private static final int SMALL = 64 * 1024;

    /** As bytes, as text, as arguments and as what a worker is sent, one after the other. */
    private static final int COPIES = 4;

    private static final BodyBudget BUDGET = new BodyBudget(Runtime.getRuntime().maxMemory() / 2);

    private Body() {}

    static byte[] read(Context ctx, long limit) {
        if (ctx.req().getContentLengthLong() > limit) {
            throw tooLarge(ctx, limit);
        }
        try {
            InputStream in = ctx.bodyInputStream();
            byte[] body = in.readNBytes((int) Math.min(SMALL, limit + 1));
            if (body.length == SMALL) {
                reserve(ctx, limit, COPIES);
                int more = (int) Math.min(Integer.MAX_VALUE - 8, limit + 1) - SMALL;
                body = joined(body, in.readNBytes(Math.max(0, more)));
            }
            if (body.length > limit) {
                throw tooLarge(ctx, limit);
            }
            return body;
        } catch (IOException e) {
            throw unreadable(ctx, e);
        }
    }

    private static byte[] joined(byte[] start, byte[] rest) {
        byte[] all = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        return all;
    }

    /**
     * Takes memory for a body until its request ends; as much as it could need, where its length is not announced.
     *
     * @throws OverloadedException when other requests have it
     */
    static void reserve(Context ctx, long limit, int copies) {
        long announced = ctx.req().getContentLengthLong();
        long length = announced < 0 ? limit : Math.min(announced, limit);
        if (announced >= 0 && length <= SMALL) {
            return;
        }
        try {
            BUDGET.take(ctx, copies * length);
        } catch (OverloadedException e) {
            if (ctx.header("Expect") == null) {
                skip(ctx);
            }
            throw e;
        }
    }

    /**
     * The refusal of a body. What is left of it is taken in before, since many clients read no answer until they have sent
     * everything; but not when the client waits to be told that it may send (RFC 9110, section 10.1.1).
     */
    static ContentTooLargeResponse tooLarge(Context ctx, long limit) {
        if (ctx.header("Expect") == null) {
            skip(ctx);
        }
        return new ContentTooLargeResponse("The body is larger than body.max = " + limit + " bytes.");
    }

    private static void skip(Context ctx) {
        byte[] bytes = new byte[SKIPPED];
        try {
            InputStream body = ctx.bodyInputStream();
            long skipped = 0;
            for (int read = 0; read >= 0 && skipped < PATIENCE; skipped += read) {
                read = body.read(bytes);
            }
        } catch (IOException e) {
            throw unreadable(ctx, e);
        }
    }

    /** Why the rest of a body, after which the connection cannot be used any more, was not read. */
    static RuntimeException unreadable(Context ctx, Exception e) {
        ctx.header("Connection", "close");
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SlowClientException) {
                return new HttpResponseException(408, cause.getMessage());
            }
        }
        return new BadRequestException("The body is cut off, or is not sent as its headers tell.", e);
    }
}
