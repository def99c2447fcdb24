package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ocpu.app.ListOrder;

/**
 * Serves the files below a directory over HTTP, with validators, conditional requests and ranges (RFC 9110).
 *
 * <p>What is not there, or not below the directory once symbolic links are followed, is 404 without a word about the
 * file system. A directory answers with its {@code index.html}, or with the names of what is in it. Files are streamed and never compressed, so that a range
 * counts the file's own bytes. Handles GET and HEAD.
 */
final class StaticFiles {
    private StaticFiles() {}

    /**
     * Answers with one file, or with the names of what is in a directory.
     *
     * @param relative the decoded path below {@code root}, with {@code /} between its parts; empty for the root itself
     * @param cacheControl value of the {@code Cache-Control} header, also of a 304
     */
    static void serve(Context ctx, Path root, String relative, String cacheControl) {
        serve(ctx, name -> resolve(root, name), relative, cacheControl);
    }

    /** The same for what only the machine's admin installs, so that links may lead anywhere. */
    static void serveInstalled(Context ctx, Path root, String relative, String cacheControl) {
        serve(ctx, name -> existing(root, name), relative, cacheControl);
    }

    private static void serve(Context ctx, Function<String, Path> find, String relative, String cacheControl) {
        try {
            Path file = find.apply(relative);
            boolean slash = ctx.req().getRequestURI().endsWith("/");
            if (Files.isDirectory(file) && !slash) {
                Answers.redirect(ctx, "/");
                return;
            }
            ctx.header("Cache-Control", ReaderGuard.cacheControl(ctx, cacheControl));
            if (Files.isDirectory(file) && !Files.exists(file.resolve("index.html"))) {
                Answers.lines(ctx, names(file));
            } else if (Files.isDirectory(file)) {
                String index = relative.replaceAll("/$", "") + "/index.html";
                new Answer(ctx, index, find.apply(index)).write();
            } else if (slash) {
                throw new NotFoundResponse();
            } else {
                new Answer(ctx, relative, file).write();
            }
        } catch (NoSuchFileException gone) {
            throw new NotFoundResponse();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Answers with the one file, at whatever address; arguments as for {@link #serve}. */
    static void file(Context ctx, Path root, String relative, String cacheControl) {
        try {
            ctx.header("Cache-Control", ReaderGuard.cacheControl(ctx, cacheControl));
            new Answer(ctx, relative, resolve(root, relative)).write();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What is in a directory, but for hidden files, as R's {@code list.files} has it. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted(ListOrder.INSTANCE)
                    .toList();
        }
    }

    /** The file that a request wants to be run; or 404. */
    static Path script(Path root, String relative) {
        Path file = resolve(root, relative);
        if (!Files.isRegularFile(file)) {
            throw new NotFoundResponse();
        }
        return file;
    }

    /** The real path of what is there and below the root, links followed; or 404. */
    static Path resolve(Path root, String relative) {
        Path real = existing(root, relative);
        try {
            if (!real.startsWith(root.toRealPath())) {
                throw new NotFoundResponse();
            }
            return real;
        } catch (IOException missing) {
            throw new NotFoundResponse();
        }
    }

    private static Path existing(Path root, String relative) {
        try {
            Path file = root;
            for (String name : relative.replaceAll("^/|/$", "").split("/", -1)) {
                if (name.equals("..") || name.equals(".") || name.indexOf('\\') >= 0 || name.indexOf('\0') >= 0) {
                    throw new NotFoundResponse();
                }
                file = file.resolve(name);
            }
            return file.toRealPath();
        } catch (IOException | InvalidPathException missing) {
            throw new NotFoundResponse();
        }
    }

    /** One answer with one file, whose name as asked for tells its type; used once. */
    private record Answer(Context ctx, String name, Path file, BasicFileAttributes attributes) {
        Answer(Context ctx, String relative, Path file) throws IOException {
            this(
                    ctx,
                    relative.substring(relative.lastIndexOf('/') + 1),
                    file,
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        }

        void write() throws IOException {
            if (!attributes.isRegularFile()) {
                throw new NotFoundResponse();
            }
            BrowserPolicy.forType(ctx, MediaTypes.of(name));
            ctx.header("ETag", etag());
            ctx.res().setDateHeader("Last-Modified", modified());
            if (isCurrent()) {
                ctx.status(304);
                return;
            }
            ctx.header("Content-Type", MediaTypes.of(name));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
                Ranges.send(ctx, channel, attributes.size(), modified());
            }
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

        /** By date only when it is the very same: after a rollback files are older than what a client knows. */
        private boolean isCurrent() {
            return ctx.header("If-None-Match") == null
                    ? modified() == Validators.date(ctx, "If-Modified-Since")
                    : Validators.matches(ctx, etag());
        }
    }
}
