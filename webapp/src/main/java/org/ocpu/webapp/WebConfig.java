package org.ocpu.webapp;

import java.util.Map;
import java.util.Set;

/**
 * Settings of the HTTP server.
 *
 * @param host address to listen on ({@code host}, 127.0.0.1)
 * @param port port to listen on, 0 for any free one ({@code port}, 8004)
 * @param maxBody largest request body in bytes ({@code body.max}, 26214400, GitHub's own limit for a delivery)
 */
record WebConfig(String host, int port, long maxBody) {
    WebConfig {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port is out of range: " + port);
        }
        if (maxBody < 1) {
            throw new IllegalArgumentException("body.max is out of range: " + maxBody);
        }
    }

    static Set<String> keys() {
        return Set.of("host", "port", "body.max");
    }

    static WebConfig from(Map<String, String> settings) {
        return new WebConfig(
                settings.getOrDefault("host", "127.0.0.1"),
                (int) number(settings, "port", 8004),
                number(settings, "body.max", 25L << 20));
    }

    private static long number(Map<String, String> settings, String key, long otherwise) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }
}
