package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The style sheet, scripts and pictures of the pages, read once from the jar. */
final class Assets {
    private static final List<String> NAMES = List.of("ocpu.css", "ocpu.svg", "build.js");

    private final Map<String, byte[]> files =
            NAMES.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Assets::read));

    /** Answers with one file, or with 304 when the client has it. */
    void serve(Context ctx, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new NotFoundResponse();
        }
        String etag = "W/\"%08x\"".formatted(Arrays.hashCode(bytes));
        ctx.header("ETag", etag).header("Cache-Control", "no-cache");
        if (Objects.equals(ctx.header("If-None-Match"), etag)) {
            ctx.status(304);
        } else {
            ctx.contentType(MediaTypes.of(name)).result(bytes);
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("assets/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
