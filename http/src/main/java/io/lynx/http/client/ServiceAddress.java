package io.lynx.http.client;

/**
 * Where an instance of a service is reached. Immutable.
 *
 * @param host an IP address, or a name that the client resolves: all of its addresses are used
 * @param port 1 to 65535
 * @param zone where it runs, to be preferred by clients in the same zone; empty if unknown
 * @param priority 0 to 65535; it gets calls only while no instance with a lower one is available
 * @param weight 0 to 65535; its share of the calls among instances with the same priority
 */
public record ServiceAddress(String host, int port, String zone, int priority, int weight) {
    private static final int MOST = 65535;

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if the host is empty, or a number is out of range
     */
    public ServiceAddress {
        if (host.isBlank() || port < 1 || port > MOST) {
            throw new IllegalArgumentException("service address: '" + host + ":" + port + "'; a host and a port");
        }
        if (priority < 0 || priority > MOST || weight < 0 || weight > MOST) {
            throw new IllegalArgumentException("service address '" + host + ":" + port + "': priority " + priority
                    + ", weight " + weight + "; each 0 to " + MOST);
        }
    }

    /** An instance with the same priority and weight as the others. */
    public ServiceAddress(String host, int port, String zone) {
        this(host, port, zone, 0, 1);
    }

    /**
     * Reads {@code host:port}, with IPv6 addresses in brackets.
     *
     * @throws IllegalArgumentException if {@code text} has another form
     */
    public static ServiceAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        try {
            return new ServiceAddress(host, Integer.parseInt(text.substring(colon + 1)), "");
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an address; host:port, such as 10.0.0.1:8080 or [::1]:8080", malformed);
        }
    }
}
