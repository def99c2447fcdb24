package org.ocpu.webapp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.MimeTypes;

/** Names the media type of a file by its name: Jetty's table, completed for what R packages hold; text is UTF-8. */
final class MediaTypes {
    private static final String BINARY = "application/octet-stream";
    private static final String PLAIN = "text/plain";

    private static final Set<String> PLAIN_EXTENSIONS = Set.of("r", "rd", "qmd", "yaml", "dcf", "log");

    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("map", "application/json"),
            Map.entry("geojson", "application/geo+json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("md", "text/markdown"),
            Map.entry("rmd", "text/x-markdown"),
            Map.entry("rnw", "text/x-sweave"),
            Map.entry("tex", "text/x-tex"),
            Map.entry("bib", "text/x-bibtex"),
            Map.entry("yml", "text/yaml"),
            Map.entry("c", "text/x-csrc"),
            Map.entry("h", "text/x-chdr"),
            Map.entry("cpp", "text/x-c++src"));

    private MediaTypes() {}

    /** The value for {@code Content-Type}: plain text without an extension, {@code application/octet-stream} with an unknown one. */
    static String of(String fileName) {
        String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (fileName.indexOf('.') < 0 || PLAIN_EXTENSIONS.contains(extension)) {
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
