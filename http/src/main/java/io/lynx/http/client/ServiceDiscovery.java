package io.lynx.http.client;

import io.lynx.extension.ExtensionPoint;
import java.io.IOException;
import java.util.List;

/**
 * Finds the addresses of a service. It is called again and again while the client is in use; what it returns replaces the
 * addresses before. If it fails, the client goes on with what it knows. One call runs at a time for each client.
 */
@ExtensionPoint(thread = "a virtual thread of the client", deadline = "none; calls wait for at most connect_timeout")
@FunctionalInterface
public interface ServiceDiscovery {
    /**
     * Returns the present addresses; of more than 64, the client uses 64. An empty list counts as a failure.
     *
     * @throws IOException if they cannot be found
     */
    List<ServiceAddress> find() throws IOException;

    /** Returns a discovery that always finds the same addresses. */
    static ServiceDiscovery of(List<ServiceAddress> addresses) {
        List<ServiceAddress> copy = List.copyOf(addresses);
        return () -> copy;
    }

    /**
     * Returns a discovery by the SRV records of DNS, with their priorities and weights (RFC 2782). The JDK's DNS provider, the
     * module {@code jdk.naming.dns}, reads them from the DNS servers of the system.
     *
     * @param name such as {@code _http._tcp.inventory.example.com}
     */
    static ServiceDiscovery srv(String name) {
        return new SrvDiscovery(name, "dns:");
    }
}
