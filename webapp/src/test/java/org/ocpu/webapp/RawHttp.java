package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, since real clients would not send them. */
final class RawHttp {
    private RawHttp() {}

    /** All that the server answers before it closes the connection, which the request is to ask for. */
    static String exchange(TestServer server, String request) {
        return exchange(server, "127.0.0.1", request);
    }

    /** @param from the client's address, any that begins with 127 */
    static String exchange(TestServer server, String from, String request) {
        URI address = server.server.address();
        try (Socket socket = new Socket(address.getHost(), address.getPort(), InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer to a request without a body. */
    static String ask(TestServer server, String method, String target, String... headers) {
        return askHost(server, "localhost", method, target, headers);
    }

    /** The same of another host that the server is. */
    static String askHost(TestServer server, String host, String method, String target, String... headers) {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return exchange(
                server,
                method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + lines + "\r\n");
    }
}
