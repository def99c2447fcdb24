package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/** Sends bytes, or the range of them that was asked for (RFC 9110, section 14). */
final class Ranges {
    /** For what has no date. */
    static final long NEVER = -1;

    private static final int BUFFER = 64 * 1024;

    private Ranges() {}

    /** Compressed for clients that ask for that, unless a range is sent. */
    static void send(Context ctx, byte[] bytes) {
        ByteRange part = part(ctx, bytes.length, NEVER);
        boolean whole = part.length() == bytes.length;
        if (!whole || ctx.header("Accept-Encoding") == null) {
            ctx.disableCompression();
            ctx.res().setContentLengthLong(part.length());
        }
        ctx.result(whole ? bytes : slice(bytes, part));
    }

    private static byte[] slice(byte[] bytes, ByteRange part) {
        int start = (int) Math.max(0, part.start());
        return Arrays.copyOfRange(bytes, start, start + (int) part.length());
    }

    /**
     * Streamed, and never compressed, so that a range counts the file's own bytes.
     *
     * @param modified milliseconds since the epoch, as {@code Last-Modified} tells, or {@link #NEVER}
     */
    static void send(Context ctx, FileChannel file, long length, long modified) throws IOException {
        ByteRange part = part(ctx, length, modified);
        ctx.res().setContentLengthLong(part.length());
        if (!ctx.method().equals(HandlerType.HEAD) && part.length() > 0) {
            copy(file.position(part.start()), part.length(), ctx.res().getOutputStream());
        }
    }

    /** What is to be sent, after the headers that tell it. */
    private static ByteRange part(Context ctx, long length, long modified) {
        ctx.header("Accept-Ranges", "bytes");
        ByteRange whole = new ByteRange(0, length);
        String header = ctx.header("Range");
        if (header == null || !ctx.method().equals(HandlerType.GET) || !unchanged(ctx, modified)) {
            return whole;
        }
        Optional<ByteRange> part = ByteRange.parse(header, length);
        part.ifPresent(range -> {
            ctx.header("Content-Range", range.contentRange(length));
            ctx.status(range.equals(ByteRange.UNSATISFIABLE) ? 416 : 206);
        });
        return part.orElse(whole);
    }

    /** Whether {@code If-Range}, if there is one, names what is about to be sent; a weak entity tag never does. */
    private static boolean unchanged(Context ctx, long modified) {
        String condition = ctx.header("If-Range");
        if (condition == null) {
            return true;
        }
        String etag = Objects.requireNonNullElse(ctx.res().getHeader("ETag"), "");
        return (condition.equals(etag) && !etag.startsWith("W/"))
                || (modified != NEVER && Validators.date(ctx, "If-Range") == modified);
    }

    private static void copy(FileChannel from, long length, OutputStream to) throws IOException {
        byte[] bytes = new byte[(int) Math.min(BUFFER, length)];
        long left = length;
        while (left > 0) {
            int read = from.read(ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, left)));
            if (read < 0) {
                throw new IOException("a file became shorter while it was sent");
            }
            to.write(bytes, 0, read);
            left -= read;
        }
    }
}
