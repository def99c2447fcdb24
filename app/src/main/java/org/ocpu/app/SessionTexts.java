package org.ocpu.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** What a call printed, as {@code ocpu.worker}'s {@code session.R} keeps it; read piece by piece, since the call may have forged it. */
record SessionTexts(Path session) {
    private static final List<String> NAMES = List.of("messages", "stdout", "warnings", "source", "console");
    private static final JsonFactory JSON = new JsonFactory();

    static boolean isText(String name) {
        return NAMES.contains(name);
    }

    /** Whether the list that the call left is one, all of it. */
    boolean canBeRead() throws IOException {
        try (JsonParser list = JSON.createParser(file())) {
            while (list.nextToken() != null) {
                list.getText();
            }
            return true;
        } catch (JsonProcessingException | CharConversionException e) {
            return false;
        }
    }

    /** Those that the call left, in the order they are listed. */
    List<String> names() {
        Set<String> left = new HashSet<>();
        try (JsonParser list = open()) {
            while (list.nextToken() == JsonToken.FIELD_NAME) {
                if (isText(list.currentName())) {
                    left.add(list.currentName());
                }
                list.nextToken();
                list.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what a call printed", e);
        }
        return NAMES.stream().filter(left::contains).toList();
    }

    /** One of them; empty when the call left none of the kind. */
    Optional<Content> content(String name) {
        Path file = session.resolve("text." + name);
        try {
            if (isText(name) && Files.isRegularFile(file)) {
                return Optional.of(Content.OnDisk.open(file));
            }
            return listed(name).map(text -> new Content.InMemory(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what a call printed", e);
        }
    }

    private Optional<String> listed(String name) throws IOException {
        try (JsonParser list = open()) {
            while (list.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = list.currentName().equals(name);
                if (list.nextToken() == JsonToken.START_ARRAY && found) {
                    return Optional.of(joined(list));
                }
                list.skipChildren();
            }
            return Optional.empty();
        }
    }

    private static String joined(JsonParser array) throws IOException {
        StringJoiner text = new StringJoiner("\n");
        while (array.nextToken() != JsonToken.END_ARRAY) {
            text.add(array.getValueAsString(""));
            array.skipChildren();
        }
        return text.toString();
    }

    /** At the first of the list's members. */
    private JsonParser open() throws IOException {
        JsonParser list = JSON.createParser(file());
        list.nextToken();
        return list;
    }

    private File file() {
        return session.resolve("texts.json").toFile();
    }
}
