package io.lynx.http.engine.interceptor;

import io.lynx.http.Request;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Keys of limits that clients choose, of bounded length. Stateless. */
public final class LimitKeys {
    private static final int LONGEST = 64;
    private static final int NETWORK_OF_IPV6 = 8;

    private LimitKeys() {}

    /** Returns the key of the client's address: with IPv6, of its network. */
    public static String address(Request request) {
        String literal = request.remoteAddress().getHostString();
        if (literal.indexOf(':') < 0) {
            return literal;
        }
        int zone = literal.indexOf('%');
        InetAddress address = InetAddress.ofLiteral(zone < 0 ? literal : literal.substring(0, zone));
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_OF_IPV6))
                : address.getHostAddress();
    }

    /** Returns {@code text}, or a digest of it if it is long: what is kept for a key does not depend on what a client sends. */
    public static String bounded(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
