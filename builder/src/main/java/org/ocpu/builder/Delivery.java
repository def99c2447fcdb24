package org.ocpu.builder;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request to the webhook, as it came in.
 *
 * @param contentType the request's media type with its parameters; empty when it had none
 * @param headers names in any case
 * @param body the raw bytes: what the signature is about; not copied
 * @param query the decoded query parameters
 */
public record Delivery(String contentType, Map<String, String> headers, byte[] body, Map<String, String> query) {
    public Delivery {
        Map<String, String> lower = new HashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Map.copyOf(lower);
        query = Map.copyOf(query);
        contentType = contentType == null ? "" : contentType;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
    }

    /** The media type alone, in lower case. */
    String mediaType() {
        return contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    }
}
