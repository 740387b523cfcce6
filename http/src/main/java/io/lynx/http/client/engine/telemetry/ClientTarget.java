package io.lynx.http.client.engine.telemetry;

import io.lynx.http.client.ServiceDiscovery;
import java.time.Duration;

/**
 * The service that a client calls. Immutable.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority host and port as the servers know them
 * @param serverName the name that the servers' certificates must have
 * @param zone where the client runs; empty if unknown
 * @param discovery finds the addresses
 * @param refreshAfter how long they are used before they are found again
 */
public record ClientTarget(
        String scheme,
        String authority,
        String serverName,
        String zone,
        ServiceDiscovery discovery,
        Duration refreshAfter) {
    /** Returns the port of the authority; that of the scheme if it has none. */
    public int port() {
        int colon = authority.lastIndexOf(':');
        if (colon > authority.lastIndexOf(']')) {
            return Integer.parseInt(authority.substring(colon + 1));
        }
        return scheme.equals("https") ? 443 : 80;
    }
}
