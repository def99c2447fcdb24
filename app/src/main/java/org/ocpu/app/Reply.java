package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What a worker answered: a header (see {@code ocpu.worker}'s {@code send}) and the body's bytes. */
record Reply(JsonNode header, byte[] body) {
    /** One media type and no more, since browsers take the last of a list. */
    private static final Pattern TYPE = Pattern.compile("[a-z]+/[A-Za-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?");

    int status() {
        return header.path("status").asInt(500);
    }

    Optional<String> error() {
        return text("error");
    }

    /** What the session holds, as the API lists it; empty when the request made none. */
    List<String> entries() {
        return StreamSupport.stream(header.path("entries").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /**
     * The body as an output format made it, from the reply or, when large, from a file. Empty when the
     * worker rendered nothing.
     */
    Optional<Rendered> rendered(RequestDirectory directory, CacheState cache) {
        Optional<String> type = text("type").filter(name -> TYPE.matcher(name).matches());
        Optional<String> file = text("file");
        if (type.isEmpty() && file.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rendered(type, file.or(() -> text("filename")), content(directory), cache));
    }

    private Content content(RequestDirectory directory) {
        if (!header.path("spilled").asBoolean()) {
            return new Content.InMemory(body);
        }
        try {
            return Content.OnDisk.open(directory.take("body"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the worker's answer", e);
        }
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(header.path(name).textValue());
    }
}
