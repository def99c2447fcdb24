package org.ocpu.webapp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;

/** One keep-alive connection that sends the same request again and again, with as little work of its own as possible. */
final class BenchClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] request;
    private boolean open = true;

    BenchClient(URI server, BenchRequest request) throws IOException {
        this(new Socket(server.getHost(), server.getPort()), server, request);
    }

    /** @param from an address of this machine */
    BenchClient(URI server, BenchRequest request, InetAddress from) throws IOException {
        this(new Socket(server.getHost(), server.getPort(), from, 0), server, request);
    }

    private BenchClient(Socket socket, URI server, BenchRequest request) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.request = request.bytes(server);
    }

    /** Sends the request and reads the whole answer; its status. */
    int send() throws IOException {
        out.write(request);
        out.flush();
        int status = Integer.parseInt(line().substring(9, 12));
        long length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(header.substring(15).strip());
            }
            open &= !header.equalsIgnoreCase("connection: close");
        }
        if (length < 0) {
            throw new IOException("An answer without Content-Length");
        }
        in.skipNBytes(length);
        return status;
    }

    /** Whether the server takes another request on this connection. */
    boolean isOpen() {
        return open;
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
