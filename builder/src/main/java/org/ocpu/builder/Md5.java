package org.ocpu.builder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksum that indexes of R packages have: against damage, not against malice. */
final class Md5 {
    private static final int BUFFER = 64 << 10;

    private Md5() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    static String of(Path file) throws IOException {
        MessageDigest digest = digest();
        read(file, digest);
        return hex(digest.digest());
    }

    /** Adds what is in a file; how many bytes that was. */
    static long read(Path file, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                length += n;
            }
        }
        return length;
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
