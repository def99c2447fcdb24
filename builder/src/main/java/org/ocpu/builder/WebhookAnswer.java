package org.ocpu.builder;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a delivery is answered with: an HTTP status and a JSON object that always has a {@code message}. */
public record WebhookAnswer(int status, Map<String, Object> body) {
    public WebhookAnswer {
        body = Map.copyOf(body);
    }

    static WebhookAnswer of(int status, String message) {
        return new WebhookAnswer(status, Map.of("message", message));
    }

    /**
     * @param builds at least one: the first is also told on its own
     * @param added those of them that were not there before
     */
    static WebhookAnswer accepted(List<Long> builds, List<Long> added, String message) {
        long first = builds.get(0);
        return new WebhookAnswer(
                202,
                Map.of(
                        "build",
                        first,
                        "url",
                        "/builds/" + first,
                        "builds",
                        List.copyOf(builds),
                        "added",
                        List.copyOf(added),
                        "message",
                        message));
    }

    String message() {
        return String.valueOf(body.get("message"));
    }

    /** The first build it led to. */
    OptionalLong build() {
        return builds().stream().mapToLong(Long::longValue).findFirst();
    }

    List<Long> builds() {
        return body.get("builds") instanceof List<?> builds
                ? builds.stream().map(Long.class::cast).toList()
                : List.of();
    }
}
