package org.ocpu.webapp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * IP addresses that begin with the same bits, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; a single one has no slash.
 *
 * @param bits how many bits are the same
 */
record AddressBlock(InetAddress first, int bits) {
    private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

    AddressBlock {
        if (bits < 0 || bits > 8 * first.getAddress().length) {
            throw new IllegalArgumentException("an address has no " + bits + " bits");
        }
    }

    /** @throws IllegalArgumentException for what is neither an address nor a block of them */
    static AddressBlock parse(String text) {
        String[] parts = text.split("/", 2);
        InetAddress first = address(parts[0])
                .orElseThrow(() -> new IllegalArgumentException("neither an IP address nor a block like 10.0.0.0/8"));
        int length = 8 * first.getAddress().length;
        if (parts.length == 1) {
            return new AddressBlock(first, length);
        }
        if (!parts[1].matches("\\d{1,3}") || Integer.parseInt(parts[1]) > length) {
            throw new IllegalArgumentException("after the slash comes a number of bits from 0 to " + length);
        }
        return new AddressBlock(first, Integer.parseInt(parts[1]));
    }

    /** The address that a text writes out; never asks for a name. */
    static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Whether any program on this machine can have one of these. */
    boolean hasLoopback() {
        return first.isLoopbackAddress()
                || Stream.of("127.0.0.1", "::1")
                        .flatMap(text -> address(text).stream())
                        .anyMatch(this::contains);
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
