package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    private static boolean contains(String block, String address) {
        return AddressBlock.parse(block).contains(AddressBlock.address(address).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, 11.0.0.1",
        "192.0.2.0/25, 192.0.2.127, 192.0.2.128",
        "192.0.2.1, 192.0.2.1, 192.0.2.2",
        "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        "::1, 0:0:0:0:0:0:0:1, ::2",
        "0.0.0.0/0, 203.0.113.9, ::1",
        "127.0.0.0/8, ::ffff:127.0.0.1, ::1",
    })
    void aBlockHoldsWhatBeginsWithItsBits(String block, String inside, String outside) {
        assertTrue(contains(block, inside));
        assertFalse(contains(block, outside));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "unknown", "_hidden", "localhost", "1.2.3", "1", "0x7f.1", "1.2.3.4 ", "::g", "fe80::1%lo"})
    void whatIsNoAddressIsNotAskedFor(String text) {
        assertEquals(java.util.Optional.empty(), AddressBlock.address(text));
    }

    @Test
    void ipv4MayComeAsIpv6() {
        assertEquals(AddressBlock.address("192.0.2.1"), AddressBlock.address("::ffff:192.0.2.1"));
    }
}
