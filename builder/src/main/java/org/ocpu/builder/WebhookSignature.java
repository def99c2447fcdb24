package org.ocpu.builder;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** {@code X-Hub-Signature-256}: an HMAC of the raw body, as GitHub documents it. */
final class WebhookSignature {
    static final String HEADER = "x-hub-signature-256";

    private WebhookSignature() {}

    static String of(byte[] body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Compares in constant time, so that an answer's time tells nothing about the right signature. */
    static boolean matches(String claimed, byte[] body, String secret) {
        return MessageDigest.isEqual(
                claimed.strip().getBytes(StandardCharsets.UTF_8),
                of(body, secret).getBytes(StandardCharsets.UTF_8));
    }
}
