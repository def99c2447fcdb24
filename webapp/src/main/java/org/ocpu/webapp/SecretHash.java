package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password or token as settings may hold it: what tells whether one is right, and not what it is. {@code ./ocpu password} makes
 * them. A password has {@code pbkdf2:ROUNDS:SALT:KEY}, PBKDF2 with HMAC-SHA-256 (RFC 8018), salt and key as base64url. A token
 * that the server made has {@code sha256:HEX}: nobody can guess its 256 random bits, so that needs neither salt nor rounds.
 *
 * @param rounds none for a token
 */
record SecretHash(int rounds, byte[] salt, byte[] key) {
    private static final int ROUNDS = 600_000;
    private static final int LEAST = 100_000;
    private static final int MOST = 10_000_000;
    private static final int BYTES = 32;
    private static final int SALT = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    static SecretHash ofPassword(String password) {
        byte[] salt = random(SALT);
        return new SecretHash(ROUNDS, salt, derive(password, salt, ROUNDS));
    }

    static SecretHash ofToken(String token) {
        return new SecretHash(0, new byte[0], sha256(token));
    }

    /** @throws IllegalArgumentException which does not repeat the text */
    static SecretHash parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length == 2 && parts[0].equals("sha256") && parts[1].matches("[0-9a-f]{64}")) {
            return new SecretHash(0, new byte[0], HexFormat.of().parseHex(parts[1]));
        }
        if (parts.length == 4 && parts[0].equals("pbkdf2") && parts[1].matches("[1-9][0-9]{0,7}")) {
            int rounds = Integer.parseInt(parts[1]);
            byte[] salt = bytes(parts[2]);
            byte[] key = bytes(parts[3]);
            if (rounds >= LEAST && rounds <= MOST && salt.length >= SALT && key.length == BYTES) {
                return new SecretHash(rounds, salt, key);
            }
        }
        throw new IllegalArgumentException("what comes last is no hash that ./ocpu password made");
    }

    private static byte[] bytes(String base64) {
        return base64.matches("[A-Za-z0-9_-]{4,100}") ? Base64.getUrlDecoder().decode(base64) : new byte[0];
    }

    /** Takes a fraction of a second for a password, and the same time whatever is wrong with it. */
    boolean matches(String secret) {
        return MessageDigest.isEqual(key, rounds == 0 ? sha256(secret) : derive(secret, salt, rounds));
    }

    boolean isOfPassword() {
        return rounds > 0;
    }

    /** As settings have it. */
    String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return rounds == 0
                ? "sha256:" + HexFormat.of().formatHex(key)
                : "pbkdf2:%d:%s:%s".formatted(rounds, base64.encodeToString(salt), base64.encodeToString(key));
    }

    /** A new token. */
    static String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(BYTES));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, rounds, BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** Not the hash, so that no log has it. */
    @Override
    public String toString() {
        return "***";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash hash && text().equals(hash.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }
}
