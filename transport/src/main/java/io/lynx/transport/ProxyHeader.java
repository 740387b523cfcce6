package io.lynx.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy tells of a connection in the header of the PROXY protocol that it begins with. Immutable and thread-safe.
 *
 * @param client the address that the proxy's client connects from, a literal; null if the proxy does not tell, or if the connection
 *     is one of the proxy's own, such as a health check
 * @param isSecure whether the client uses TLS towards the proxy, as far as the proxy tells
 */
public record ProxyHeader(@Nullable InetSocketAddress client, boolean isSecure) {
    /** The header of a connection whose client is not known. */
    public static final ProxyHeader UNKNOWN = new ProxyHeader(null, false);
}
