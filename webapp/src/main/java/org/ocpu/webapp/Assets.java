package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The style sheet, scripts and pictures of the pages, read once from the jar. */
final class Assets {
    private final Map<String, byte[]> files;

    /** @param directory where the files are, with a slash at its end */
    Assets(String directory, String... names) {
        this.files = Stream.of(names)
                .collect(Collectors.toUnmodifiableMap(Function.identity(), name -> read(directory + name)));
    }

    /** Answers with one file, or with 304 when the client has it. */
    void serve(Context ctx, String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new NotFoundResponse();
        }
        Answers.tagged(ctx, MediaTypes.of(name), bytes);
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
