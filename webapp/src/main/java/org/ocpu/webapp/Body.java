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

    private static final BodyBudget BUDGET = new BodyBudget(Runtime.getRuntime().maxMemory() / 8 * 3);

    /** Deliveries have memory of their own, since nobody sends again those that are refused. */
    private static final BodyBudget DELIVERIES =
            new BodyBudget(Runtime.getRuntime().maxMemory() / 8);

    private Body() {}

    static byte[] read(Context ctx, long limit) {
        return read(ctx, limit, BUDGET);
    }

    static byte[] readDelivery(Context ctx, long limit) {
        return read(ctx, limit, DELIVERIES);
    }

    private static byte[] read(Context ctx, long limit, BodyBudget budget) {
        long announced = ctx.req().getContentLengthLong();
        if (announced > limit) {
            throw tooLarge(ctx, limit);
        }
        int most = (int) Math.min(Integer.MAX_VALUE - 8, announced < 0 ? limit + 1 : announced);
        try {
            InputStream in = ctx.bodyInputStream();
            byte[] body = in.readNBytes(Math.min(SMALL, most));
            if (body.length == SMALL) {
                body = readOn(ctx, in, body, most, budget.share(ctx));
            }
            if (body.length > limit) {
                throw tooLarge(ctx, limit);
            }
            return body;
        } catch (IOException e) {
            throw unreadable(ctx, e);
        }
    }

    private static byte[] readOn(Context ctx, InputStream in, byte[] start, int most, BodyBudget.Share share)
            throws IOException {
        try {
            return readOn(in, start, most, share);
        } catch (OverloadedException e) {
            throw refused(ctx, share, e);
        }
    }

    /** The rest of a body, too: takes memory as it comes, twice as much each time, so that a slow client has little more than it sent. */
    private static byte[] readOn(InputStream in, byte[] start, int most, BodyBudget.Share share) throws IOException {
        byte[] body = start;
        int length = start.length;
        while (length == body.length && length < most) {
            int room = (int) Math.min(most, 2L * length);
            share.grow((long) COPIES * room);
            body = Arrays.copyOf(body, room);
            length += in.readNBytes(body, length, room - length);
        }
        return Arrays.copyOf(body, length);
    }

    /**
     * Takes memory for a body that others read until its request ends: as much as it could need, where its length is not announced.
     *
     * @throws OverloadedException when other requests have it
     */
    static void reserve(Context ctx, long limit) {
        long announced = ctx.req().getContentLengthLong();
        long length = announced < 0 ? limit : Math.min(announced, limit);
        if (length <= SMALL) {
            return;
        }
        BodyBudget.Share share = BUDGET.share(ctx);
        try {
            share.grow(length);
        } catch (OverloadedException e) {
            throw refused(ctx, share, e);
        }
    }

    /** What a body has is for others while the rest of it is taken in. */
    private static OverloadedException refused(Context ctx, BodyBudget.Share share, OverloadedException e) {
        share.close();
        skipUnlessAsked(ctx);
        return e;
    }

    /** The refusal of a body. */
    static ContentTooLargeResponse tooLarge(Context ctx, long limit) {
        skipUnlessAsked(ctx);
        return new ContentTooLargeResponse("The body is larger than body.max = " + limit + " bytes.");
    }

    /**
     * What is left of a body that is refused is taken in before, since many clients read no answer until they have sent everything;
     * but not when the client waits to be told that it may send (RFC 9110, section 10.1.1).
     */
    private static void skipUnlessAsked(Context ctx) {
        if (ctx.header("Expect") != null) {
            return;
        }
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
