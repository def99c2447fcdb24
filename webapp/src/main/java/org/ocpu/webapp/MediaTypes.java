package org.ocpu.webapp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.MimeTypes;

/** Names the media type of a file by its name: Jetty's table, completed for what R packages hold; text is UTF-8. */
final class MediaTypes {
    private static final String BINARY = "application/octet-stream";
    private static final String PLAIN = "text/plain";

    private static final Set<String> PLAIN_EXTENSIONS =
            Set.of("r", "rd", "rmd", "qmd", "rnw", "tex", "bib", "md", "yml", "yaml", "c", "h", "cpp", "dcf", "log");

    /** A package's own files without an extension, and a session's text streams. */
    private static final Set<String> PLAIN_NAMES = Set.of(
            "DESCRIPTION",
            "NAMESPACE",
            "LICENSE",
            "LICENCE",
            "COPYING",
            "NEWS",
            "README",
            "CITATION",
            "INDEX",
            "MD5",
            "console",
            "messages",
            "source",
            "stdout",
            "warnings");

    private static final Map<String, String> OTHERS = Map.of(
            "map", "application/json",
            "geojson", "application/geo+json",
            "webmanifest", "application/manifest+json",
            "rds", "application/x-rds",
            "rda", "application/x-rdata",
            "rdata", "application/x-rdata");

    private MediaTypes() {}

    /** The value for {@code Content-Type}; {@code application/octet-stream} when the name tells nothing. */
    static String of(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (PLAIN_NAMES.contains(fileName) || PLAIN_EXTENSIONS.contains(extension)) {
            return withCharset(PLAIN);
        }
        String known = OTHERS.getOrDefault(extension, MimeTypes.DEFAULTS.getMimeByExtension(fileName));
        return known == null ? BINARY : withCharset(known);
    }

    private static String withCharset(String type) {
        boolean text = type.startsWith("text/") || type.equals("image/svg+xml") || type.equals("application/xml");
        return text ? type + ";charset=utf-8" : type;
    }
}
