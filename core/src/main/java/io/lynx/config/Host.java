package io.lynx.config;

import org.jspecify.annotations.Nullable;

/**
 * The name or IP address of a host, without a port: {@code 0.0.0.0}, {@code ::1} or {@code db.example.com}. It is not resolved.
 *
 * @param name as it was written
 */
public record Host(String name) {
    private static final int MAX_LENGTH = 253;
    private static final int IPV4_NUMBERS = 4;
    private static final int HEX = 16;

    /**
     * Creates a host.
     *
     * @throws IllegalArgumentException if {@code name} is neither a host name nor an IP address
     */
    public Host {
        String problem = problem(name);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * Returns the host of this name.
     *
     * @throws IllegalArgumentException if {@code name} is neither a host name nor an IP address
     */
    public static Host of(String name) {
        return new Host(name);
    }

    private static @Nullable String problem(String name) {
        int colons = name.length() - name.replace(":", "").length();
        if (name.contains("://")) {
            return "a host name or an IP address, not a URL";
        }
        if (name.startsWith("[") || colons == 1) {
            return "a host name or an IP address, without a port and without brackets; the port has a key of its own";
        }
        int end = name.indexOf('%');
        String address = colons > 1 && end > 0 ? name.substring(0, end) : name;
        boolean isWellFormed = !name.isEmpty()
                && name.length() <= MAX_LENGTH
                && consistsOf(address, colons > 1)
                && !isMistakenIpv4(name);
        return isWellFormed ? null : "a host name such as localhost, or an IP address such as 0.0.0.0";
    }

    private static boolean consistsOf(String address, boolean isIpv6) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (!(isIpv6 ? isInIpv6(c) : isInName(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isInIpv6(char c) {
        return c == ':' || c == '.' || Character.digit(c, HEX) >= 0;
    }

    private static boolean isInName(char c) {
        return c == '-' || c == '_' || c == '.' || Character.isLetterOrDigit(c);
    }

    /** Returns whether {@code name} consists of numbers and is no IPv4 address: resolvers read such names in their own ways. */
    private static boolean isMistakenIpv4(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        String[] numbers = name.split("\\.", -1);
        boolean isAddress = numbers.length == IPV4_NUMBERS;
        for (String number : numbers) {
            isAddress &= !number.isEmpty() && number.length() <= 3 && Integer.parseInt(number) <= 255;
        }
        return !isAddress;
    }

    @Override
    public String toString() {
        return name;
    }
}
