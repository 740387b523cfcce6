package io.lynx.transport.engine.framing;

import io.lynx.transport.ProxyHeader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The header of version 1 of the PROXY protocol: {@code PROXY TCP4 192.0.2.1 192.0.2.2 56324 443}. Stateless. */
final class ProxyHeaderText {
    private static final int FIELDS = 6;
    private static final int MAX_PORT = 65535;

    private ProxyHeaderText() {}

    /** Returns what {@code line}, with its end, tells; null if it is malformed. */
    static @Nullable ProxyHeader parse(String line) {
        if (!line.endsWith("\r\n")) {
            return null;
        }
        String text = line.substring(0, line.length() - 2);
        if (text.equals("PROXY UNKNOWN") || text.startsWith("PROXY UNKNOWN ")) {
            return ProxyHeader.UNKNOWN;
        }
        String[] fields = text.split(" ", -1);
        if (fields.length != FIELDS) {
            return null;
        }
        boolean isIpv4 = fields[1].equals("TCP4");
        if (!isIpv4 && !fields[1].equals("TCP6")) {
            return null;
        }
        InetAddress source = address(fields[2], isIpv4);
        int port = port(fields[4]);
        if (source == null || address(fields[3], isIpv4) == null || port < 0 || port(fields[5]) < 0) {
            return null;
        }
        return new ProxyHeader(new InetSocketAddress(source, port), false);
    }

    private static @Nullable InetAddress address(String text, boolean isIpv4) {
        boolean isColoned = text.indexOf(':') >= 0;
        if (isIpv4 == isColoned || text.indexOf('%') >= 0 || (isIpv4 && text.split("\\.", -1).length != 4)) {
            return null;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return isIpv4 && !(address instanceof Inet4Address) ? null : address;
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(text);
        return port > MAX_PORT ? -1 : port;
    }
}
