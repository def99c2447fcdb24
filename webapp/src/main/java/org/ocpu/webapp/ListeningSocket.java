package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Where the server listens, taken before its parts are opened: they need the port for their links, which only the socket
 * knows when it was to be any free one. Who calls before the server answers waits for it.
 */
record ListeningSocket(ServerSocketChannel channel) implements AutoCloseable {
    /** @throws WebappException when nobody can listen there, or somebody else does */
    static ListeningSocket open(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new WebappException("host is no address of this machine: " + host);
        }
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            return new ListeningSocket(channel);
        } catch (IOException e) {
            throw new WebappException(
                    "Cannot listen on " + host + " port " + port + ": " + e.getMessage()
                            + ". Other ones are chosen by --host and --port, or host and port in ocpu.conf.",
                    e);
        }
    }

    int port() {
        return channel.socket().getLocalPort();
    }

    /** Serves what comes here, from no more clients at once than may be and none that sends nothing. */
    Connector connector(Server server, HttpConfiguration http, HttpLimits limits) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        connector.addBean(new HeaderDeadline(connector, limits.idle()));
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
