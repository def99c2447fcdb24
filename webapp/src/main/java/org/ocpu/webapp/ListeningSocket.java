package org.ocpu.webapp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

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

    /**
     * Serves what comes here, by TLS alone if that is to be; from no more clients at once than may be and none that sends nothing.
     *
     * @param proxies who may have more connections than one client
     */
    Connector connector(
            Server server, HttpConfiguration http, HttpLimits limits, Optional<Tls> tls, TrustedProxies proxies) {
        ConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = tls.map(with -> new ServerConnector(server, encrypted(with), plain))
                .orElseGet(() -> new ServerConnector(server, plain));
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.addBean(new NetworkConnectionLimit(limits.connections(), connector));
        connector.addBean(new ClientConnections(limits.connectionsOfOne(), proxies::trusts));
        connector.addBean(new HeaderDeadline(connector, limits.idle()));
        try {
            connector.open(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return connector;
    }

    private static ConnectionFactory encrypted(Tls tls) {
        return new SslConnectionFactory(tls.factory(), HttpVersion.HTTP_1_1.asString()) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                tls.refresh();
                return super.newConnection(connector, endPoint);
            }
        };
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
