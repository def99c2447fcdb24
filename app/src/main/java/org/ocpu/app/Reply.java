package org.ocpu.app;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** The body as an output format made it; empty when the worker rendered nothing. */
    Optional<Rendered> rendered() {
        return Optional.ofNullable(header.path("type").textValue())
                .map(type -> new Rendered(
                        type, Optional.ofNullable(header.path("filename").textValue()), body));
    }
}
