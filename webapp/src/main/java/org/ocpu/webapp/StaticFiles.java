package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Serves the files below a directory over HTTP, with validators, conditional requests and ranges (RFC 9110).
 *
 * <p>What is not there, or not below the directory once symbolic links are followed, is 404 without a word about the
 * file system. A directory answers with its {@code index.html}. Files are streamed and never compressed, so that a range
 * counts the file's own bytes. Handles GET and HEAD.
 */
final class StaticFiles {
    private static final int BUFFER = 64 * 1024;
    private static final Pattern ENTITY_TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private StaticFiles() {}

    /**
     * Answers with one file.
     *
     * @param relative the decoded path below {@code root}, with {@code /} between its parts; empty for the root itself
     * @param cacheControl value of the {@code Cache-Control} header, also of a 304
     */
    static void serve(Context ctx, Path root, String relative, String cacheControl) {
        try {
            Path file = resolve(root, relative);
            boolean slash = ctx.req().getRequestURI().endsWith("/");
            if (Files.isDirectory(file)) {
                if (!slash) {
                    redirectToSlash(ctx);
                    return;
                }
                file = resolve(
                        root,
                        relative.isEmpty() || relative.endsWith("/")
                                ? relative + "index.html"
                                : relative + "/index.html");
            } else if (slash) {
                throw new NotFoundResponse();
            }
            ctx.header("Cache-Control", cacheControl);
            new Answer(ctx, file).write();
        } catch (NoSuchFileException gone) {
            throw new NotFoundResponse();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The real path of a file, which is below the root's real path. */
    private static Path resolve(Path root, String relative) {
        try {
            Path file = root;
            for (String name : relative.split("/", -1)) {
                if (name.equals("..") || name.equals(".") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
                    throw new NotFoundResponse();
                }
                file = file.resolve(name);
            }
            Path real = file.toRealPath();
            if (relative.startsWith("/") || !real.startsWith(root.toRealPath())) {
                throw new NotFoundResponse();
            }
            return real;
        } catch (IOException | InvalidPathException missing) {
            throw new NotFoundResponse();
        }
    }

    /** A relative redirect: it holds behind any proxy prefix and cannot lead to another host. */
    private static void redirectToSlash(Context ctx) {
        String path = ctx.req().getRequestURI();
        String query = ctx.queryString() == null ? "" : "?" + ctx.queryString();
        ctx.status(302).header("Location", "./" + path.substring(path.lastIndexOf('/') + 1) + "/" + query);
    }

    /** One answer with one file; used once. */
    private record Answer(Context ctx, Path file, BasicFileAttributes attributes) {
        Answer(Context ctx, Path file) throws IOException {
            this(ctx, file, Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }

        void write() throws IOException {
            if (!attributes.isRegularFile()) {
                throw new NotFoundResponse();
            }
            ctx.header("ETag", etag()).header("Accept-Ranges", "bytes");
            ctx.res().setDateHeader("Last-Modified", modified());
            if (isCurrent()) {
                ctx.status(304);
                return;
            }
            long size = attributes.size();
            Optional<ByteRange> range = range(size);
            range.ifPresent(part -> ctx.header("Content-Range", part.contentRange(size)));
            if (range.equals(Optional.of(ByteRange.UNSATISFIABLE))) {
                ctx.status(416);
                return;
            }
            ctx.status(range.isPresent() ? 206 : 200)
                    .header("Content-Type", MediaTypes.of(file.getFileName().toString()));
            send(range.orElse(new ByteRange(0, size)));
        }

        private String etag() {
            long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            int inode = String.valueOf(attributes.fileKey()).hashCode();
            return "\"%x-%x-%x\"".formatted(attributes.size(), modified, inode);
        }

        /** Milliseconds since the epoch, in whole seconds as HTTP's dates are. */
        private long modified() {
            return attributes.lastModifiedTime().to(TimeUnit.SECONDS) * 1000;
        }

        private boolean isCurrent() {
            String known = ctx.header("If-None-Match");
            if (known != null) {
                return known.strip().equals("*")
                        || ENTITY_TAG.matcher(known).results().anyMatch(tag -> tag.group(1)
                                .equals(etag()));
            }
            return modified() <= date("If-Modified-Since");
        }

        private Optional<ByteRange> range(long size) {
            String header = ctx.header("Range");
            String condition = ctx.header("If-Range");
            boolean same = condition == null || condition.equals(etag()) || date("If-Range") == modified();
            return header == null || !same || !ctx.method().equals(HandlerType.GET)
                    ? Optional.empty()
                    : ByteRange.parse(header, size);
        }

        /** A header's date in milliseconds, -1 when it is absent or no date. */
        private long date(String header) {
            try {
                return ctx.req().getDateHeader(header);
            } catch (IllegalArgumentException noDate) {
                return -1;
            }
        }

        private void send(ByteRange part) throws IOException {
            ctx.res().setContentLengthLong(part.length());
            if (ctx.method().equals(HandlerType.HEAD)) {
                return;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                copy(channel.position(part.start()), part.length(), ctx.res().getOutputStream());
            }
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
}
