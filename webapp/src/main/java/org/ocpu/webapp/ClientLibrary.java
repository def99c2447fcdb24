package org.ocpu.webapp;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The client library for authors of apps, as an ES module and as a classic script with the global {@code ocpu}, with types for both.
 * Its source is a few modules that share one scope here, so none may have a name of another at its top.
 */
final class ClientLibrary {
    /** The names of the files, which are directly below the API's root. */
    static final Set<String> NAMES = Set.of("ocpu.mjs", "ocpu.js", "ocpu.d.mts", "ocpu.d.ts");

    private static final List<String> MODULES =
            List.of("arguments.js", "session.js", "api.js", "element.js", "columns.js", "plot.js", "table.js");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;\\R");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export (?=async |class |const |function )");
    private static final String TYPES = "text/plain;charset=utf-8"; // which a browser shows, as it is

    private final Map<String, byte[]> files;

    ClientLibrary() {
        String shared = MODULES.stream()
                .map(name -> EXPORT.matcher(source(name)).replaceAll(""))
                .collect(Collectors.joining("\n"));
        String types = read("ocpu.d.mts");
        this.files = Map.of(
                "ocpu.mjs", utf8(shared + "\n" + source("main.js")),
                "ocpu.js", utf8("(() => {\n\"use strict\";\n\n" + shared + "\n" + source("global.js") + "})();\n"),
                "ocpu.d.mts", utf8(types),
                "ocpu.d.ts", utf8(types + read("global.d.ts")));
    }

    /** Answers with one file, or with 304 when the client has it. */
    void serve(Context ctx, String name) {
        BrowserPolicy.data(ctx);
        boolean types = name.contains(".d.");
        if (!types) {
            ctx.header("X-TypeScript-Types", "./ocpu.d.mts"); // for Deno
        }
        Answers.tagged(ctx, types ? TYPES : MediaTypes.of(name), files.get(name));
    }

    private static String source(String name) {
        return IMPORT.matcher(read(name)).replaceAll("");
    }

    private static String read(String name) {
        try (InputStream in = ClientLibrary.class.getResourceAsStream("client/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
