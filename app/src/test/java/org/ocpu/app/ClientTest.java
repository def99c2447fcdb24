package org.ocpu.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientTest {
    private static Client client(String address) throws UnknownHostException {
        return Client.of(InetAddress.getByName(address));
    }

    @Test
    void anIpv4AddressIsAClient() throws UnknownHostException {
        assertEquals(client("192.0.2.1"), client("::ffff:192.0.2.1"));
        assertNotEquals(client("192.0.2.1"), client("192.0.2.2"));
    }

    @Test
    void anIpv6NetworkIsAClient() throws UnknownHostException {
        assertEquals(client("2001:db8:0:1::1"), client("2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assertNotEquals(client("2001:db8:0:1::1"), client("2001:db8:0:2::1"));
    }
}
