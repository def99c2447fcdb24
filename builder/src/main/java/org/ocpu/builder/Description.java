package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a package says of itself in its DESCRIPTION.
 *
 * <p>The format is Debian's control format as "Writing R Extensions" narrows it: fields at the start of a line, their
 * continuations indented, comments in lines that begin with {@code #}.
 *
 * @param about its field Description: what it is for, in a paragraph
 */
record Description(String name, String version, String title, String about) {
    private static final int LONGEST_TITLE = 300;
    private static final int LONGEST_ABOUT = 2000;
    private static final int LARGEST = 1 << 20;
    private static final Pattern FIELD = Pattern.compile("([A-Za-z][A-Za-z0-9_.@/-]*):(.*)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9.]{0,98}[A-Za-z0-9]");
    private static final Pattern VERSION = Pattern.compile("[0-9]+([.-][0-9]+)+");

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    static boolean isVersion(String text) {
        return text.length() <= 100 && VERSION.matcher(text).matches();
    }

    /** @throws BuildFailure saying what is wrong with the file, or that it is not there */
    static Description read(Path source) {
        return parse(fieldsOf(source));
    }

    /** All fields of a package's DESCRIPTION, by name; their values as {@link #decoded} takes them. */
    static Map<String, String> fieldsOf(Path source) {
        Path file = source.resolve("DESCRIPTION");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new BuildFailure("the repository has no DESCRIPTION at its top: it is not an R package");
        }
        try (InputStream content = Files.newInputStream(file)) {
            return fieldsOf(content);
        } catch (IOException e) {
            throw new BuildFailure("DESCRIPTION cannot be read", e);
        }
    }

    /** All fields of a DESCRIPTION, by name. */
    static Map<String, String> fieldsOf(InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new BuildFailure("DESCRIPTION is larger than 1 MB");
        }
        // Latin-1 keeps the bytes of any encoding; the fields needed are ASCII except for what people read
        return fields(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static Description parse(Map<String, String> fields) {
        String name = required(fields, "Package");
        if (!isName(name)) {
            throw new BuildFailure("DESCRIPTION: not a valid package name: " + Text.line(name, 100)
                    + " (letters, digits and dots; at least two; begins with a letter, does not end with a dot)");
        }
        String version = required(fields, "Version");
        if (!isVersion(version)) {
            throw new BuildFailure("DESCRIPTION: not a valid version: " + Text.line(version, 100)
                    + " (at least two numbers separated by dots or dashes)");
        }
        return new Description(
                name,
                version,
                Text.line(decoded(fields, "Title"), LONGEST_TITLE),
                Text.line(decoded(fields, "Description"), LONGEST_ABOUT));
    }

    /** A field's value in the encoding that the fields name; empty when there is no such field. */
    static String decoded(Map<String, String> fields, String field) {
        boolean latin1 =
                fields.getOrDefault("Encoding", "").toLowerCase(Locale.ROOT).startsWith("latin");
        byte[] bytes = fields.getOrDefault(field, "").getBytes(StandardCharsets.ISO_8859_1);
        return new String(bytes, latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static String required(Map<String, String> fields, String field) {
        String value = fields.getOrDefault(field, "");
        if (value.isEmpty()) {
            throw new BuildFailure("DESCRIPTION has no field " + field);
        }
        return value;
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        String current = "";
        for (String line : text.split("\r\n|\r|\n", -1)) {
            var field = FIELD.matcher(line);
            if (field.matches()) {
                current = field.group(1);
                fields.put(current, field.group(2).strip());
            } else if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.merge(current, line.strip(), (old, more) -> (old + " " + more).strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new BuildFailure(
                        "DESCRIPTION: this line is neither a field nor continues one: " + Text.line(line, 100));
            }
        }
        return fields;
    }
}
