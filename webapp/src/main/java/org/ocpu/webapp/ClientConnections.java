package org.ocpu.webapp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;
import org.ocpu.app.Client;

/**
 * Closes the connections of a client beyond its share as soon as they are accepted, so that no client can have all that the server
 * accepts. Proxies connect for many clients and have as many as they need. Thread-safe.
 */
final class ClientConnections implements SelectorManager.AcceptListener {
    private final int most;
    private final Predicate<InetAddress> proxy;
    private final Map<SelectableChannel, Client> clients = new HashMap<>();
    private final Map<Client, Integer> ofOne = new HashMap<>();

    /** @param most connections of one client */
    ClientConnections(int most, Predicate<InetAddress> proxy) {
        this.most = most;
        this.proxy = proxy;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        try {
            InetAddress address = ((InetSocketAddress) ((SocketChannel) channel).getRemoteAddress()).getAddress();
            if (!proxy.test(address) && !add(channel, Client.of(address))) {
                channel.close(); // Jetty goes on with it in vain, and tells
            }
        } catch (IOException e) {
            IO.close(channel);
        }
    }

    private synchronized boolean add(SelectableChannel channel, Client client) {
        clients.put(channel, client);
        return ofOne.merge(client, 1, Integer::sum) <= most;
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        remove(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        remove(channel);
    }

    private synchronized void remove(SelectableChannel channel) {
        Client client = clients.remove(channel);
        if (client != null) {
            ofOne.computeIfPresent(client, (one, count) -> count == 1 ? null : count - 1);
        }
    }
}
