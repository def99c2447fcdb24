package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericSecurityException;
import nl.altindag.ssl.pem.util.PemUtils;
import nl.altindag.ssl.util.KeyManagerUtils;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's certificate and its key, from PEM files that are read again when they have changed: with the next connection, without
 * a restart. While what is there does not fit together, as between the two writes of a renewal, the certificate before serves on.
 */
final class Tls {
    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);
    private static final String CERTIFICATE = "tls.certificate";
    private static final String KEY = "tls.key";

    /** What OpenSSL writes before a key of a curve, though the key names it too; the library reads the first block alone. */
    private static final Pattern PARAMETERS =
            Pattern.compile("-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----");

    private static final String STAMP = "lastModifiedTime,size,fileKey";

    private final Path certificate;
    private final Path key;
    private final X509ExtendedKeyManager current;
    private Stamp seen;

    /** What tells changed files from those that were read. */
    private record Stamp(Map<String, Object> certificate, Map<String, Object> key) {}

    private Tls(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        this.seen = stamp();
        this.current = KeyManagerUtils.createSwappableKeyManager(load());
    }

    /**
     * What the settings name, read; nothing where they name nothing.
     *
     * @throws IllegalArgumentException that names the setting whose file is no good
     */
    static Optional<Tls> from(Map<String, String> settings) {
        Optional<Path> certificate = path(settings, CERTIFICATE);
        Optional<Path> key = path(settings, KEY);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException((key.isPresent() ? CERTIFICATE : KEY) + " is not set, but "
                    + (key.isPresent() ? KEY : CERTIFICATE) + " is: TLS needs both.");
        }
        return certificate.map(file -> new Tls(file, key.orElseThrow()));
    }

    private static Optional<Path> path(Map<String, String> settings, String name) {
        Optional<Path> file =
                Optional.ofNullable(settings.get(name)).map(String::strip).map(Path::of);
        file.filter(there -> !Files.isReadable(there) || Files.isDirectory(there))
                .ifPresent(there -> {
                    throw new IllegalArgumentException(name + " is no file that the server can read: " + there);
                });
        return file;
    }

    /** What addresses of the server begin with. */
    static String scheme(Map<String, String> settings) {
        return settings.containsKey(CERTIFICATE) ? "https" : "http";
    }

    /**
     * Lets this program's clients trust the server's own certificate too, which nobody else may have signed; not for another name than
     * its own.
     */
    static void trust(Map<String, String> settings) {
        Optional<Path> readable = Optional.ofNullable(settings.get(CERTIFICATE))
                .map(file -> Path.of(file.strip()))
                .filter(Files::isReadable);
        readable.ifPresent(file -> SSLContext.setDefault(SSLFactory.builder()
                .withDefaultTrustMaterial()
                .withTrustMaterial(certificates(file))
                .build()
                .getSslContext()));
    }

    /** What Jetty makes connections with. */
    SslContextFactory.Server factory() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {current}, null, null);
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setSslContext(context);
            factory.setRenegotiationAllowed(false);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }

    /** To be called before a connection is made. */
    synchronized void refresh() {
        try {
            Stamp now = stamp();
            if (!now.equals(seen)) {
                seen = now;
                KeyManagerUtils.swapKeyManager(current, load());
                LOG.info("Read {} and {} again, since they have changed", certificate, key);
            }
        } catch (RuntimeException e) { // whatever it is, the connection does not depend on it
            LOG.warn("The TLS certificate before is used on: {}", e.getMessage());
        }
    }

    /** Nothing while a file is not there. */
    private Stamp stamp() {
        try {
            return new Stamp(Files.readAttributes(certificate, STAMP), Files.readAttributes(key, STAMP));
        } catch (IOException e) {
            return new Stamp(Map.of(), Map.of());
        }
    }

    private X509ExtendedKeyManager load() {
        X509Certificate[] chain = certificates(certificate);
        PrivateKey secret = secret();
        if (!fits(secret, chain[0])) {
            throw new IllegalArgumentException(KEY + " is not the key of the certificate that " + CERTIFICATE
                    + " begins with: " + key + " and " + certificate);
        }
        if (chain[0].getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn(
                    "{} has expired, at {}: {}",
                    CERTIFICATE,
                    chain[0].getNotAfter().toInstant(),
                    certificate);
        }
        try {
            return KeyManagerUtils.createKeyManager(secret, chain);
        } catch (GenericSecurityException e) {
            throw new IllegalArgumentException(
                    CERTIFICATE + " is no chain, in which after each certificate comes the one of who signed it: "
                            + certificate,
                    e);
        }
    }

    private PrivateKey secret() {
        String text;
        try {
            text = Files.readString(key, ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(KEY + " cannot be read: " + key, e);
        }
        if (text.contains("ENCRYPTED")) {
            throw new IllegalArgumentException(KEY
                    + " is encrypted, and nobody is there to give its password when the server starts. Write it without one, as by"
                    + " openssl pkey -in KEY -out PLAIN: " + key);
        }
        try {
            return PemUtils.parsePrivateKey(PARAMETERS.matcher(text).replaceAll(""));
        } catch (RuntimeException e) { // of many kinds, and with it all of the library's
            throw new IllegalArgumentException(KEY + " has no private key as PEM: " + key, e);
        }
    }

    private static X509Certificate[] certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate[] all = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (all.length > 0) {
                return all;
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(CERTIFICATE + " has no certificate as PEM: " + file, e);
        }
        throw new IllegalArgumentException(CERTIFICATE + " has no certificate as PEM: " + file);
    }

    /** Whether what the one signs the other verifies. */
    private static boolean fits(PrivateKey secret, X509Certificate open) {
        String algorithm =
                switch (secret.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    default -> "EdDSA";
                };
        byte[] text = new byte[32];
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(open.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }
}
