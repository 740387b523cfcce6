package io.lynx.transport;

import io.lynx.config.AddressRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The address and the limits of a listener. Immutable and thread-safe.
 *
 * @param name for logs and thread names, such as {@code http}
 * @param section the configuration section that messages name, such as {@code lynx.http}
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param tls the certificate; empty for clear text
 * @param eventLoops how many event loops serve its connections
 * @param maxConnections more are closed as they are accepted
 * @param maxLongLived more streams cannot become {@linkplain Stream#longLived long-lived}
 * @param replacesIdle whether a connection above that number takes the place of the one that has been idle longest
 * @param maxHeaderSize of a request, in bytes
 * @param maxLineLength of a request line, in bytes
 * @param headerTimeout for the head of a request and for the TLS handshake
 * @param idleTimeout for a connection without a request
 * @param linger how long a connection must have been unused before the drain closes it
 * @param trustedProxies the proxies that are believed what they tell of their clients
 * @param proxyProtocol whether each connection begins with a header of the PROXY protocol
 * @param checkInterval between two checks of the time limits
 */
public record ListenerConfig(
        String name,
        String section,
        String host,
        int port,
        Optional<TlsFiles> tls,
        int eventLoops,
        int maxConnections,
        int maxLongLived,
        boolean replacesIdle,
        int maxHeaderSize,
        int maxLineLength,
        Duration headerTimeout,
        Duration idleTimeout,
        Duration linger,
        List<AddressRange> trustedProxies,
        boolean proxyProtocol,
        Duration checkInterval) {
    /** Copies the list. */
    public ListenerConfig {
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Returns the URL of a listener with this configuration that listens on {@code port}. */
    public String url(int port) {
        boolean isAny = host.equals("0.0.0.0") || host.equals("::");
        String name = isAny ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return (tls.isPresent() ? "https://" : "http://") + name + ":" + port;
    }

    /** Returns a copy for another port, without TLS, for a few connections beside those of this listener. */
    public ListenerConfig withoutTls(String otherName, String otherSection, int otherPort) {
        return new ListenerConfig(
                otherName,
                otherSection,
                host,
                otherPort,
                Optional.empty(),
                1,
                Math.max(1, maxConnections / 10),
                maxLongLived,
                replacesIdle,
                maxHeaderSize,
                maxLineLength,
                headerTimeout,
                idleTimeout,
                linger,
                trustedProxies,
                proxyProtocol,
                checkInterval);
    }

    /** Returns a copy for another port, with the same certificate and limits. */
    public ListenerConfig withPort(String otherName, String otherSection, int otherPort) {
        return new ListenerConfig(
                otherName,
                otherSection,
                host,
                otherPort,
                tls,
                eventLoops,
                maxConnections,
                maxLongLived,
                replacesIdle,
                maxHeaderSize,
                maxLineLength,
                headerTimeout,
                idleTimeout,
                linger,
                trustedProxies,
                proxyProtocol,
                checkInterval);
    }

    /** Returns a copy whose new connections replace idle ones above the limit of connections. */
    public ListenerConfig replacingIdle() {
        return new ListenerConfig(
                name,
                section,
                host,
                port,
                tls,
                eventLoops,
                maxConnections,
                maxLongLived,
                true,
                maxHeaderSize,
                maxLineLength,
                headerTimeout,
                idleTimeout,
                linger,
                trustedProxies,
                proxyProtocol,
                checkInterval);
    }
}
