package org.ocpu.app;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A hash (SHA-256) of a sequence of things, each by its text or bytes. One-shot. */
final class Digest {
    private final MessageDigest digest;

    Digest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Digest add(Object... things) {
        for (Object thing : things) {
            bytes(thing.toString().getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    Digest add(Arguments arguments) {
        arguments.form().forEach((name, value) -> add(name, value));
        arguments.body().ifPresent(this::value);
        arguments.values().forEach(this::value);
        arguments.order().forEach(name -> add(name));
        return this;
    }

    private void value(Arguments.Value value) {
        add(value.name(), value.encoding());
        bytes(value.bytes());
    }

    /** With its length, so that neighbours cannot be mistaken for each other. */
    private void bytes(byte[] bytes) {
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    String hex() {
        return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
    }
}
