package org.ocpu.webapp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real servers with certificates that keytool makes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TlsIT {
    private static final String PASSWORD = "changeit";
    private static final String LIBRARY =
            "GET /ocpu/library/MASS HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    @TempDir
    static Path made;

    private static Pair rsa;
    private static Pair ec;
    private static Pair otherEc;

    @TempDir
    Path directory;

    /** A certificate and its key. */
    private record Pair(X509Certificate certificate, PrivateKey key) {
        byte[] pkcs8() {
            return key.getEncoded();
        }

        /** As OpenSSL writes it by default before version 3. */
        byte[] traditional() throws IOException {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
            if (key instanceof ECPrivateKey curve) {
                return new org.bouncycastle.asn1.sec.ECPrivateKey(
                                256, curve.getS(), info.getPrivateKeyAlgorithm().getParameters())
                        .getEncoded();
            }
            return info.parsePrivateKey().toASN1Primitive().getEncoded();
        }
    }

    @BeforeAll
    static void make() throws Exception {
        rsa = pair("rsa", "RSA", "2048");
        ec = pair("ec", "EC", "256");
        otherEc = pair("other", "EC", "256");
    }

    private static Pair pair(String name, String algorithm, String size) throws Exception {
        Path store = made.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keyalg", algorithm, "-keysize", size, "-dname", "CN=" + name, "-validity", "2"));
        command.addAll(List.of("-ext", "san=dns:localhost", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-alias", "a", "-keystore", store.toString()));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(store.toFile())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new Pair(
                (X509Certificate) keys.getCertificate("a"), (PrivateKey) keys.getKey("a", PASSWORD.toCharArray()));
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    private Path write(String file, String kind, byte[] bytes) throws IOException {
        return Files.writeString(directory.resolve(file), pem(kind, bytes));
    }

    private void writeChain(Pair first, Pair second) throws Exception {
        Files.writeString(
                directory.resolve("cert.pem"),
                pem("CERTIFICATE", first.certificate().getEncoded())
                        + pem("CERTIFICATE", second.certificate().getEncoded()));
    }

    private Map<String, String> settings(Pair certificate, String kind, byte[] key) throws Exception {
        Path file = write("cert.pem", "CERTIFICATE", certificate.certificate().getEncoded());
        return Map.of(
                "tls.certificate",
                file.toString(),
                "tls.key",
                write("key.pem", kind, key).toString());
    }

    private TestServer start(Map<String, String> tls, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(tls);
        settings.putAll(more);
        return new TestServer(directory.resolve("data"), settings);
    }

    /** A connection of who trusts that certificate alone. */
    private static SSLSocket connect(TestServer server, Pair trusted) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("a", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port(server));
        socket.setSoTimeout(60_000);
        socket.startHandshake();
        return socket;
    }

    private static int port(TestServer server) {
        return server.server.address().getPort();
    }

    private static String ask(TestServer server, Pair trusted) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = connect(server, trusted)) {
            socket.getOutputStream().write(LIBRARY.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void theCertificateServesAndIsRenewedWithoutARestart() throws Exception {
        try (TestServer server =
                start(settings(rsa, "RSA PRIVATE KEY", rsa.traditional()), Map.of("tls.hsts", "3600"))) {
            String address = server.server.address().toString();
            assertTrue(address.startsWith("https://localhost:"), address);
            assertEquals(address, server.data.address().orElseThrow());
            String answer = ask(server, rsa);
            assertTrue(answer.contains("Strict-Transport-Security: max-age=3600"), answer);
            assertTrue(answer.contains("Redirect to https://localhost/ocpu/library/MASS/"), answer);

            write("cert.pem", "CERTIFICATE", ec.certificate().getEncoded());
            assertTrue(ask(server, rsa).startsWith("HTTP/1.1 302"), "a renewal that is half done breaks nothing");
            byte[] curve = PrivateKeyInfo.getInstance(ec.pkcs8())
                    .getPrivateKeyAlgorithm()
                    .getParameters()
                    .toASN1Primitive()
                    .getEncoded();
            Files.writeString(
                    directory.resolve("key.pem"),
                    pem("EC PARAMETERS", curve) + pem("EC PRIVATE KEY", ec.traditional()));
            assertTrue(ask(server, ec).startsWith("HTTP/1.1 302"));
            assertThrows(SSLException.class, () -> ask(server, rsa), "the old certificate is served no more");

            Files.delete(directory.resolve("key.pem"));
            assertTrue(ask(server, ec).startsWith("HTTP/1.1 302"));
            writeChain(otherEc, rsa);
            write("key.pem", "PRIVATE KEY", otherEc.pkcs8());
            assertTrue(ask(server, ec).startsWith("HTTP/1.1 302"), "what is no chain breaks nothing");
            write("cert.pem", "CERTIFICATE", otherEc.certificate().getEncoded());
            assertTrue(ask(server, otherEc).startsWith("HTTP/1.1 302"));
        }
    }

    @Test
    void commandsReachAServerWhoseCertificateNobodyElseSigned() throws Exception {
        Map<String, String> tls = settings(ec, "PRIVATE KEY", ec.pkcs8());
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(
                data.resolve("ocpu.conf"),
                "tls.certificate: " + tls.get("tls.certificate") + "\ntls.key: " + tls.get("tls.key") + "\n");
        try (TestServer server = start(Map.of(), Map.of())) {
            CommandRun elsewhere = CommandRun.of(server, "builds", "--url", "https://127.0.0.1:" + port(server));
            assertEquals(1, elsewhere.code(), elsewhere.toString());
            assertTrue(
                    elsewhere.err().contains("its certificate is not trusted, or not for that name"), elsewhere.err());
            CommandRun.of(server, "builds").succeeded();
        }
    }

    @Test
    void slowClientsAreLetGoOfAndSlowAnswersAreNot() throws Exception {
        Map<String, String> quick = Map.of("http.idle", "1");
        try (TestServer server = start(settings(ec, "PRIVATE KEY", ec.pkcs8()), quick)) {
            try (Socket plain = new Socket("localhost", port(server))) {
                plain.setSoTimeout(60_000);
                plain.getOutputStream().write(LIBRARY.getBytes(ISO_8859_1));
                assertFalse(untilClosed(plain).contains("HTTP/1.1 302"), "no answer without TLS");
            }
            try (Socket hello = new Socket("localhost", port(server))) {
                hello.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, (byte) 252, 3, 3});
                drip(hello);
            }
            try (SSLSocket socket = connect(server, ec)) {
                socket.getOutputStream().write("GET /ocpu/info HTTP/1.1\r\nX-Long: ".getBytes(ISO_8859_1));
                drip(socket);
            }
            try (SSLSocket socket = connect(server, ec)) {
                sleep(socket, "1.5");
                sleep(socket, "3"); // at once, since the server does not wait long for it
                assertEquals("HTTP/1.1 201 Created", answered(socket));
                assertEquals("HTTP/1.1 201 Created", answered(socket), "longer than http.idle, and a later request");
            }
        }
    }

    /** Returns when the server has hung up, before which it had a byte every 100 ms. */
    private static void drip(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            while (true) {
                try {
                    if (socket.getInputStream().read() < 0) {
                        return;
                    }
                } catch (SocketTimeoutException notYet) {
                    socket.getOutputStream().write('x');
                }
            }
        } catch (SocketException | SSLException hungUp) {
            assertTrue(socket.isConnected());
        }
    }

    private static String untilClosed(Socket socket) throws IOException {
        try {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    /** Sends a call that takes so many seconds; the connection stays. */
    private static void sleep(SSLSocket socket, String seconds) throws IOException {
        String body = "time=" + seconds;
        String request = "POST /ocpu/library/base/R/Sys.sleep HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((request + body).getBytes(ISO_8859_1));
    }

    /** The first line of an answer, of which all is read. */
    private static String answered(SSLSocket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertTrue(next >= 0, "hung up after: " + head);
            head.append((char) next);
        }
        String length = head.toString().replaceFirst("(?s).*\r\nContent-Length: ([0-9]+)\r\n.*", "$1");
        socket.getInputStream().readNBytes(Integer.parseInt(length));
        return head.substring(0, head.indexOf("\r\n"));
    }

    @Test
    void whatDoesNotFitIsRefusedAtStart() throws Exception {
        String key = settings(ec, "PRIVATE KEY", ec.pkcs8()).get("tls.key");
        assertRefused(settings(ec, "PRIVATE KEY", otherEc.pkcs8()), "tls.key is not the key");
        assertRefused(settings(ec, "RSA PRIVATE KEY", rsa.traditional()), "tls.key is not the key");
        assertRefused(settings(ec, "PRIVATE KEY", BigInteger.TEN.toByteArray()), "tls.key has no private key");
        assertRefused(settings(ec, "CERTIFICATE", ec.certificate().getEncoded()), "tls.key has no private key");
        assertRefused(settings(ec, "ENCRYPTED PRIVATE KEY", ec.pkcs8()), "tls.key is encrypted");
        assertRefused(Map.of("tls.key", key), "tls.certificate is not set");
        assertRefused(Map.of("tls.certificate", key), "tls.key is not set");
        assertRefused(Map.of("tls.certificate", "/no/such/file", "tls.key", key), "tls.certificate is no file");
        assertRefused(Map.of("tls.certificate", key, "tls.key", directory.toString()), "tls.key is no file");
        assertRefused(Map.of("tls.certificate", key, "tls.key", key), "tls.certificate has no certificate");
        assertRefused(Map.of("tls.hsts", "60"), "tls.hsts");
        Map<String, String> notSigned = settings(ec, "PRIVATE KEY", ec.pkcs8());
        writeChain(ec, rsa);
        assertRefused(notSigned, "tls.certificate is no chain");
        Map<String, String> withoutEncryption = new HashMap<>(settings(ec, "PRIVATE KEY", ec.pkcs8()));
        withoutEncryption.put("public.url", "http://example.org");
        assertRefused(withoutEncryption, "public.url begins with https:");
    }

    private static void assertRefused(Map<String, String> settings, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> AccessConfig.from(settings), reason)
                .getMessage();
        assertTrue(message.startsWith(reason), message);
    }
}
