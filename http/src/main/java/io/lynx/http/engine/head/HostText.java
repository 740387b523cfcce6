package io.lynx.http.engine.head;

/** A host with a port or without (RFC 9110, 7.2). Stateless. */
public final class HostText {
    private static final int LONGEST = 255 + 6;

    private HostText() {}

    /** Returns whether {@code text} is a name, an IPv4 address or an IPv6 address in brackets, with a valid port or without. */
    static boolean isValid(String text) {
        int end = endOfName(text);
        if (text.isEmpty() || text.length() > LONGEST || end <= 0) {
            return false;
        }
        String name = text.substring(0, end);
        boolean isName = name.startsWith("[") ? ForwardedNode.isIpv6(name.substring(1, end - 1)) : isName(name);
        return isName && (end == text.length() || ForwardedNode.port(text.substring(end + 1)) >= 0);
    }

    /** Returns {@code text} with another port; without one if it is the usual port of the scheme. */
    public static String withPort(String text, int port, String scheme) {
        String name = text.substring(0, endOfName(text));
        return port == (scheme.equals("https") ? 443 : 80) ? name : name + ":" + port;
    }

    /** Returns the part before the port; empty if {@code text} is not valid. */
    public static String name(String text) {
        return isValid(text) ? text.substring(0, endOfName(text)) : "";
    }

    /** Returns where the name ends: at the colon of the port, or at the end; negative if a bracket is not closed in its place. */
    private static int endOfName(String text) {
        if (!text.startsWith("[")) {
            int colon = text.indexOf(':');
            return colon < 0 ? text.length() : colon;
        }
        int end = text.indexOf(']') + 1;
        return end > 0 && (end == text.length() || text.charAt(end) == ':') ? end : -1;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isAlphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!isAlphanumeric && "-._~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
