package org.ocpu.webapp;

import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import org.ocpu.app.BadRequestException;

/** Request bodies, bounded whether or not the client announces their length. */
final class Body {
    private static final int SKIPPED = 64 * 1024;

    /** The most that is taken in of a body that is refused, in bytes. */
    private static final long PATIENCE = 1L << 30;

    private Body() {}

    static byte[] read(Context ctx, long limit) {
        if (ctx.req().getContentLengthLong() > limit) {
            throw tooLarge(ctx, limit);
        }
        try {
            byte[] body = ctx.bodyInputStream().readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
            if (body.length > limit) {
                throw tooLarge(ctx, limit);
            }
            return body;
        } catch (IOException e) {
            throw unreadable(ctx, e);
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
