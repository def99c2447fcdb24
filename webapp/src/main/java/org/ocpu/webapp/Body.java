package org.ocpu.webapp;

import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Request bodies, bounded whether or not the client announces their length. */
final class Body {
    private Body() {}

    static byte[] read(Context ctx, long limit) {
        if (ctx.req().getContentLengthLong() > limit) {
            throw tooLarge(limit);
        }
        try {
            byte[] body = ctx.bodyInputStream().readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limit + 1));
            if (body.length > limit) {
                throw tooLarge(limit);
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ContentTooLargeResponse tooLarge(long limit) {
        return new ContentTooLargeResponse("The body is larger than body.max = " + limit + " bytes.");
    }
}
