package org.ocpu.builder;

import java.time.Instant;
import java.util.List;

/**
 * A delivery that the webhook took from GitHub.
 *
 * @param id GitHub's {@code X-GitHub-Delivery}
 * @param status it was answered with
 * @param builds it led to
 */
public record DeliveryView(
        String id, Instant receivedAt, String event, String repository, int status, String message, List<Long> builds) {
    public DeliveryView {
        builds = List.copyOf(builds);
    }
}
