package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What a worker answered: a header (see {@code ocpu.worker}'s {@code send}) and the body's bytes. */
record Reply(JsonNode header, byte[] body) {

    int status() {
        return header.path("status").asInt(500);
    }

    Optional<String> error() {
        return Optional.ofNullable(header.path("error").textValue());
    }

    /** What the session holds, as the API lists it; empty when the request made none. */
    List<String> entries() {
        return StreamSupport.stream(header.path("entries").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /**
     * The body as an output format made it, from the reply or, when large, from a file in the request's directory, which may be
     * removed while it is read. Empty when the worker rendered nothing.
     */
    Optional<Rendered> rendered(RequestDirectory directory) {
        if (!header.has("type")) {
            return Optional.empty();
        }
        String type = header.path("type").asText();
        Optional<String> filename = Optional.ofNullable(header.path("filename").textValue());
        if (!header.path("spilled").asBoolean()) {
            return Optional.of(Rendered.of(type, filename, body));
        }
        Path file = directory.path().resolve("body");
        try {
            return Optional.of(new Rendered(type, filename, Files.newInputStream(file), Files.size(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the worker's answer", e);
        }
    }
}
