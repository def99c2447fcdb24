package org.ocpu.webapp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One keep-alive connection that sends requests one after the other, with as little work of its own as possible. */
final class BenchClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Map<String, String> headers = new HashMap<>();

    BenchClient(URI server) throws IOException {
        this(new Socket(server.getHost(), server.getPort()));
    }

    /** @param from an address of this machine */
    BenchClient(URI server, InetAddress from) throws IOException {
        this(new Socket(server.getHost(), server.getPort(), from, 0));
    }

    private BenchClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Sends a request and reads the whole answer; its status. */
    int send(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        int status = Integer.parseInt(line().substring(9, 12));
        headers.clear();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        if (!headers.containsKey("content-length")) {
            throw new IOException("An answer without Content-Length");
        }
        in.skipNBytes(Long.parseLong(headers.get("content-length")));
        return status;
    }

    /**
     * Of the last answer.
     *
     * @param name in lower case
     */
    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** Whether the server takes another request on this connection. */
    boolean isOpen() {
        return !"close".equalsIgnoreCase(headers.get("connection"));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
