package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a client must know to change something on the server. Who makes it sees it once; the data directory keeps its hash, which
 * is read at each check, so that a new token counts at once and the one before no longer.
 *
 * <p>The hash needs no salt and may be a fast one: the token has 256 random bits, so nobody can guess it.
 */
final class AdminToken {
    private static final int BYTES = 32;

    private final DataDirectory data;

    AdminToken(DataDirectory data) {
        this.data = data;
    }

    /** Makes the first one; nothing where there is one. */
    Optional<String> first() {
        return data.tokenHash().isPresent() ? Optional.empty() : Optional.of(renew());
    }

    /** Makes a new one, which is to be shown to the admin. */
    String renew() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        data.tokenHash(HexFormat.of().formatHex(hash(token)));
        return token;
    }

    /** Takes the same time whatever is wrong with the token. */
    boolean accepts(String token) {
        byte[] hash = HexFormat.of().formatHex(hash(token)).getBytes(UTF_8);
        return data.tokenHash()
                .filter(known -> MessageDigest.isEqual(hash, known.getBytes(UTF_8)))
                .isPresent();
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
