package io.lynx.http.engine.head;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The address of a client or proxy as a proxy writes it (RFC 7239, 6), with a port or without. Stateless. */
final class ForwardedNode {
    private static final int LONGEST = 64;
    private static final int MAX_PORT = 65535;
    private static final int IPV4_NUMBERS = 4;
    private static final int HEX = 16;

    private ForwardedNode() {}

    /** Returns whether {@code text} says that its address is hidden: {@code unknown}, or an identifier such as {@code _proxy}. */
    static boolean isHidden(String text) {
        return text.equalsIgnoreCase("unknown") || text.startsWith("_");
    }

    /** Returns the address, with port 0 if it has none; null if {@code text} is not an IP address. */
    static @Nullable InetSocketAddress parse(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? null : of(text.substring(1, end), text.substring(end + 1), true);
        }
        int colon = text.indexOf(':');
        boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
        return hasPort ? of(text.substring(0, colon), text.substring(colon), false) : of(text, "", colon >= 0);
    }

    private static @Nullable InetSocketAddress of(String literal, String portPart, boolean isIpv6) {
        int number = portPart.isEmpty() || portPart.startsWith(":_") ? 0 : port(portPart.substring(1));
        boolean isPortPart = portPart.isEmpty() || portPart.startsWith(":");
        if (!isPortPart || number < 0 || !(isIpv6 ? isIpv6(literal) : isIpv4(literal))) {
            return null;
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(literal), number);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    /** Returns the number of a port; negative if {@code text} is not one. */
    static int port(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = 10 * port + digit;
        }
        return port > MAX_PORT ? -1 : port;
    }

    /** Without short forms and leading zeros, which others read as octal numbers. */
    static boolean isIpv4(String text) {
        String[] numbers = text.split("\\.", -1);
        boolean isAddress = numbers.length == IPV4_NUMBERS;
        for (String number : numbers) {
            int value = number.length() > 3 ? -1 : port(number);
            isAddress &= value >= 0 && value <= 255 && (number.length() == 1 || !number.startsWith("0"));
        }
        return isAddress;
    }

    static boolean isIpv6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && (c > 'f' || Character.digit(c, HEX) < 0)) {
                return false;
            }
        }
        return text.indexOf(':') >= 0;
    }
}
