package org.ocpu.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call's arguments as the client sent them; R interprets them (see {@code ocpu.worker}'s {@code arguments.R}).
 *
 * @param form argument names to R code, JSON values or session keys, in the order sent
 * @param body a whole body that holds a named list of arguments; then there is nothing else
 * @param values arguments that are data of a known type, never code
 * @param uploads files, each an argument that is the file's name
 * @param order the names of form, values and uploads in the order sent, which counts for what {@code ...} takes
 */
public record Arguments(
        Map<String, String> form, Optional<Value> body, List<Value> values, List<Upload> uploads, List<String> order) {
    private static final Pattern KEY = Pattern.compile("(?<![A-Za-z0-9._])x0[0-9a-f]{8,64}(?![A-Za-z0-9._])");

    public static final Arguments NONE = ofForm(Map.of());

    /** How the bytes of a value are to be read. */
    public enum Encoding {
        JSON,
        /** R's serialization, compressed with gzip or not. */
        RDS,
        /** A REXP message of rexp.proto. */
        PROTOBUF,
        /** UTF-8. */
        TEXT,
        RAW
    }

    /** An argument that is data; the name of a whole body is empty. */
    public record Value(String name, Encoding encoding, byte[] bytes) {}

    /**
     * A file for the call's working directory.
     *
     * @param argument the argument that is to be its name
     * @param filename without directories
     * @param content puts the content into a new file
     */
    public record Upload(String argument, String filename, Transfer content) {}

    /** Moves or copies something to a path where nothing is yet. */
    @FunctionalInterface
    public interface Transfer {
        void to(Path target) throws IOException;
    }

    public static Arguments ofForm(Map<String, String> form) {
        return new Arguments(form, Optional.empty(), List.of(), List.of(), List.copyOf(form.keySet()));
    }

    public static Arguments ofBody(Encoding encoding, byte[] body) {
        return new Arguments(Map.of(), Optional.of(new Value("", encoding, body)), List.of(), List.of(), List.of());
    }

    /** Whatever looks like a session key in the form's values. */
    TreeSet<String> mentionedKeys() {
        TreeSet<String> keys = new TreeSet<>();
        for (String value : form.values()) {
            Matcher matcher = KEY.matcher(value);
            while (matcher.find()) {
                keys.add(matcher.group());
            }
        }
        return keys;
    }
}
