package org.ocpu.webapp;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Style sheets, scripts and pictures, read once from the jar. */
final class Assets {
    /** What the pages for people are made of, at {@code /assets/}. */
    static final Assets PAGES = new Assets(
            "assets/",
            "actions.js",
            "admin-api.js",
            "admin-errors.js",
            "admin-lists.js",
            "admin-log.js",
            "admin-overview.js",
            "admin-settings.js",
            "admin-storage.js",
            "admin.css",
            "admin.js",
            "app-admin.js",
            "app.css",
            "app.js",
            "build.js",
            "builds.css",
            "builds.js",
            "charts.js",
            "clock.js",
            "copy.js",
            "dom.js",
            "error.css",
            "events.js",
            "gallery.css",
            "gallery.js",
            "ocpu.css",
            "ocpu.svg",
            "page.js",
            "plan.js",
            "sync.css",
            "sync.js",
            "test/api.js",
            "test/arguments.js",
            "test/combobox.js",
            "test/console-view.js",
            "test/console.js",
            "test/dom.js",
            "test/editor.js",
            "test/error-view.js",
            "test/form.js",
            "test/json-tree.js",
            "test/kept.js",
            "test/picker.js",
            "test/plots.js",
            "test/request.js",
            "test/session-tree.js",
            "test/snippets.js",
            "test/table.js",
            "test/tabs.js",
            "test/test.css",
            "test/test.js",
            "test/value-field.js",
            "test/value-view.js",
            "test/view.js",
            "token.js");

    /** How long what an address with a version names may be kept: a year, which stands for always. */
    private static final String ALWAYS = "public, max-age=31536000, immutable";

    private final Map<String, byte[]> files;

    /** @param directory where the files are, with a slash at its end */
    Assets(String directory, String... names) {
        this.files = Stream.of(names)
                .collect(Collectors.toUnmodifiableMap(Function.identity(), name -> read(directory + name)));
    }

    /** Where a file of the pages is, with its version, so that browsers need not ask for it again. */
    String address(String name) {
        return "/assets/" + name + "?" + version(file(name));
    }

    /** Answers with one file, or with 304 when the client has it. */
    void serve(Context ctx, String name) {
        byte[] bytes = file(name);
        Answers.tagged(ctx, MediaTypes.of(name), bytes);
        if (version(bytes).equals(ctx.queryString())) {
            ctx.header("Cache-Control", ALWAYS);
        }
    }

    private byte[] file(String name) {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new NotFoundResponse();
        }
        return bytes;
    }

    private static String version(byte[] bytes) {
        return "%08x".formatted(Arrays.hashCode(bytes));
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
