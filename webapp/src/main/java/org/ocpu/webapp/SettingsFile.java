package org.ocpu.webapp;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * {@code ocpu.conf} in the syntax of {@link Properties}, and which line says what.
 *
 * @param lines by key, from 1; of what is said twice the last, which counts
 */
record SettingsFile(Map<String, String> values, Map<String, Integer> lines) {
    SettingsFile {
        values = Map.copyOf(values);
        lines = Map.copyOf(lines);
    }

    /** Empty without that file. */
    static SettingsFile read(Path file) {
        try {
            return parse(Files.exists(file) ? Files.readAllLines(file) : List.of());
        } catch (IOException e) {
            throw new WebappException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    static SettingsFile parse(List<String> text) throws IOException {
        Map<String, String> values = new TreeMap<>();
        Map<String, Integer> lines = new TreeMap<>();
        for (int i = 0; i < text.size(); i++) {
            int first = i + 1;
            StringBuilder one = new StringBuilder(text.get(i));
            while (!isComment(text.get(first - 1)) && goesOn(text.get(i)) && i + 1 < text.size()) {
                one.append('\n').append(text.get(++i));
            }
            Properties said = new Properties();
            said.load(new StringReader(one.toString()));
            said.stringPropertyNames().forEach(key -> {
                values.put(key, said.getProperty(key).strip());
                lines.put(key, first);
            });
        }
        return new SettingsFile(values, lines);
    }

    private static boolean isComment(String line) {
        return line.matches("\\s*[#!].*");
    }

    /** Whether an odd number of backslashes is at its end. */
    private static boolean goesOn(String line) {
        return line.matches("(.*[^\\\\])?(\\\\\\\\)*\\\\");
    }
}
