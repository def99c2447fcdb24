package org.ocpu.app;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Who asks, as far as an address tells: clients have their shares of the workers, see {@link Admission}. Whoever has one IPv6 address
 * usually has the 2^64 others of its network, too, so these are one client.
 *
 * @param name such as {@code 192.0.2.1} or {@code 20010db800000001/64}
 */
public record Client(String name) {
    private static final int NETWORK_BYTES = 8;

    /** The server itself, for its builds. */
    public static final Client SERVER = new Client("server");

    public static Client of(InetAddress address) {
        if (address instanceof Inet6Address) {
            byte[] network = Arrays.copyOf(address.getAddress(), NETWORK_BYTES);
            return new Client(HexFormat.of().formatHex(network) + "/64");
        }
        return new Client(address.getHostAddress());
    }
}
