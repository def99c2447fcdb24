package org.ocpu.app;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The secret name of a session: {@code x0} and hexadecimal digits from a CSPRNG. It alone guards the session's data, so it is
 * never listed and never logged in full.
 */
public record SessionKey(String value) {
    private static final Pattern FORM = Pattern.compile("x0[0-9a-f]{8,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public SessionKey {
        if (!isKey(value)) {
            throw new NotFoundException("Not a session key: " + value);
        }
    }

    public static boolean isKey(String text) {
        return FORM.matcher(text).matches();
    }

    /** A new key with that many random digits, 4 bits each. */
    public static SessionKey random(int digits) {
        byte[] bytes = new byte[(digits + 1) / 2];
        RANDOM.nextBytes(bytes);
        return new SessionKey("x0" + HexFormat.of().formatHex(bytes).substring(0, digits));
    }

    /** Enough of the key for a log. */
    @Override
    public String toString() {
        return value.substring(0, 6) + "...";
    }
}
