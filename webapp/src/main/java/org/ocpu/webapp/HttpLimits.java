package org.ocpu.webapp;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What a client may cost by doing nothing, or little at a time.
 *
 * @param idle how long a client may take to send a request's header, and how long nothing may come of its body or be taken of its
 *     answer ({@code http.idle}, seconds, 30)
 * @param minRate bytes of a body or an answer that a client must send or take a second, on average, beyond the time of {@code idle}
 *     ({@code http.minrate}, 500); 0 is any
 * @param connections how many there may be at once ({@code http.connections}, half of the files that the process may open besides
 *     some 200 of its own, at least 16 and at most 8192): more wait to be accepted; one client may have a quarter of them
 * @param grace how long requests and builds that run may go on once the server is to stop ({@code shutdown.grace}, seconds, 30)
 */
record HttpLimits(Duration idle, long minRate, int connections, Duration grace) {
    private static final String IDLE = "http.idle";
    private static final String MIN_RATE = "http.minrate";
    private static final String CONNECTIONS = "http.connections";
    private static final String GRACE = "shutdown.grace";
    private static final int FEWEST_CONNECTIONS = 16;
    private static final int MOST_CONNECTIONS = 8192;

    /** What the server has open without any connection: its libraries, its database, its logs, its engines. */
    private static final int OWN_FILES = 192;

    HttpLimits {
        require(idle.toSeconds() >= 1 && idle.toDays() < 1, IDLE, idle.toSeconds());
        require(minRate >= 0 && minRate <= 1 << 30, MIN_RATE, minRate);
        require(connections >= 1, CONNECTIONS, connections);
        require(!grace.isNegative() && grace.toDays() < 7, GRACE, grace.toSeconds());
    }

    static Set<String> keys() {
        return Set.of(IDLE, MIN_RATE, CONNECTIONS, GRACE);
    }

    /** What stands, by its key, as it would be written. */
    Map<String, String> values() {
        return Map.of(
                IDLE, Long.toString(idle.toSeconds()),
                MIN_RATE, Long.toString(minRate),
                CONNECTIONS, Integer.toString(connections),
                GRACE, Long.toString(grace.toSeconds()));
    }

    static HttpLimits from(Map<String, String> settings) {
        long most = Math.min(MOST_CONNECTIONS, (openFiles() - OWN_FILES) / 2);
        long connections = number(settings, CONNECTIONS, Math.max(FEWEST_CONNECTIONS, most));
        require(connections == (int) connections, CONNECTIONS, connections);
        return new HttpLimits(
                Duration.ofSeconds(number(settings, IDLE, 30)),
                number(settings, MIN_RATE, 500),
                (int) connections,
                Duration.ofSeconds(number(settings, GRACE, 30)));
    }

    /** How many connections one client may have at once; more are closed. */
    int connectionsOfOne() {
        return Math.max(FEWEST_CONNECTIONS, connections / 4);
    }

    /** How many this process may have open. */
    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : OWN_FILES + 2L * MOST_CONNECTIONS;
    }

    private static long number(Map<String, String> settings, String key, long otherwise) {
        String text = settings.get(key);
        try {
            return text == null ? otherwise : Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is not a whole number: " + text, e);
        }
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is out of range: " + value);
        }
    }
}
