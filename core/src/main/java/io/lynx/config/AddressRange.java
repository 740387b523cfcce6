package io.lynx.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * IP addresses that begin with the same bits, in the notation of CIDR (RFC 4632): {@code 10.0.0.0/8}, {@code fd00::/8}, or a single
 * address. No name is resolved. Immutable.
 *
 * @param first the address that the range begins with; bits beyond the prefix have no meaning
 * @param prefix how many bits the addresses have in common: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record AddressRange(InetAddress first, int prefix) {
    private static final String ALLOWED = "an IP address such as 10.1.2.3 or ::1, or a range such as 10.0.0.0/8";

    /**
     * A range with these components.
     *
     * @throws IllegalArgumentException if the prefix is longer than the address
     */
    public AddressRange {
        if (prefix < 0 || prefix > first.getAddress().length * 8) {
            throw new IllegalArgumentException(ALLOWED);
        }
    }

    /**
     * Returns the range that {@code text} describes.
     *
     * @throws IllegalArgumentException if it is neither an address nor a range
     */
    public static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        int bits = address.getAddress().length * 8;
        return new AddressRange(address, slash < 0 ? bits : number(text.substring(slash + 1)));
    }

    private static int number(String text) {
        try {
            return text.length() > 3 || text.startsWith("+") ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static InetAddress literal(String text) {
        try {
            // It refuses the short forms of IPv4 addresses, which few mean.
            return InetAddress.ofLiteral(Host.of(text).name());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ALLOWED, e);
        }
    }

    /** Returns whether the range has the address that {@code text} writes out; an IPv4 address in an IPv6 one counts as IPv4. */
    public boolean contains(String text) {
        int zone = text.indexOf('%');
        try {
            return contains(InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone)));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    /** Returns whether the range has {@code address}. */
    public boolean contains(InetAddress address) {
        byte[] own = first.getAddress();
        byte[] other = address.getAddress();
        if (own.length != other.length) {
            return false;
        }
        int whole = prefix / 8;
        int shift = 8 - prefix % 8;
        return Arrays.equals(own, 0, whole, other, 0, whole)
                && (shift == 8 || (own[whole] ^ other[whole]) >> shift == 0);
    }

    /** Returns the range as {@link #of} reads it. */
    @Override
    public String toString() {
        int bits = first instanceof Inet4Address ? 32 : 128;
        return prefix == bits ? first.getHostAddress() : first.getHostAddress() + "/" + prefix;
    }
}
