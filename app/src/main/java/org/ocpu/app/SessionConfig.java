package org.ocpu.app;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How much of sessions is kept, and how long.
 *
 * @param maxAge how long a session is there, from when it was made ({@code session.maxage}, seconds, 86400)
 * @param space bytes that all sessions may take on disk ({@code session.space}, 10737418240)
 * @param size bytes that one session may take on disk ({@code session.size}, 1073741824)
 */
public record SessionConfig(Duration maxAge, long space, long size) {
    static final String MAX_AGE = "session.maxage";
    static final String SPACE = "session.space";
    static final String SIZE = "session.size";

    public SessionConfig {
        AppConfig.require(maxAge.toSeconds() >= 1, MAX_AGE, maxAge.toSeconds());
        AppConfig.require(space >= 1, SPACE, space);
        AppConfig.require(size >= 1, SIZE, size);
    }

    static Set<String> keys() {
        return Set.of(MAX_AGE, SPACE, SIZE);
    }

    /** What stands, by its key. */
    Map<String, Object> values() {
        return Map.of(MAX_AGE, maxAge.toSeconds(), SPACE, space, SIZE, size);
    }

    static SessionConfig from(Map<String, String> settings) {
        return new SessionConfig(
                Duration.ofSeconds(AppConfig.number(settings, MAX_AGE, 86_400)),
                AppConfig.size(settings, SPACE, 10L << 30),
                AppConfig.size(settings, SIZE, 1L << 30));
    }
}
