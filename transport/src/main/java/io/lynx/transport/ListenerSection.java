package io.lynx.transport;

import io.lynx.config.AddressRange;
import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Host;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a section such as {@code lynx.http} that concern its listener; a protocol reads others from the same section.
 * Immutable and thread-safe.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param maxHeaderSize larger heads are refused
 * @param maxUriLength longer request lines are refused
 * @param maxConnections connections beyond it are closed as they are accepted
 * @param maxLongLived more streams cannot become long-lived
 * @param idleTimeout how long a connection may stay open without a request
 * @param headerTimeout how long a client may take for a request's head, or for the TLS handshake
 * @param linger how long a connection must have been unused before the drain closes it
 * @param eventLoops how many event loops read and write, at most one for each processor; 0 for one for each two
 *     processors
 * @param trustedProxies the proxies that are believed what they tell of their clients
 * @param proxyProtocol whether each connection begins with a header of the PROXY protocol, from one of these proxies
 * @param tls the certificate; empty for clear text
 */
public record ListenerSection(
        @Doc("The address to listen on") @Default("0.0.0.0") Host host,

        @Doc("The port to listen on; 0 for any free one") @Default("8080") @Range(min = "0", max = "65535")
        int port,

        @Doc("The largest head of a request") @Default("16KiB") @Range(min = "1KiB", max = "1MiB")
        Size maxHeaderSize,

        @Doc("The longest request line") @Default("8KiB") @Range(min = "256", max = "1MiB")
        Size maxUriLength,

        @Doc("How many connections may be open") @Default("10000") @Range(min = "1")
        int maxConnections,

        @Doc("How many long-lived streams (server-sent events, WebSockets, streaming calls) may be open")
        @Default("10000")
        @Range(min = "0")
        int maxLongLived,

        @Doc("How long a connection may stay open without a request") @Default("60s") @Range(min = "10ms")
        Duration idleTimeout,

        @Doc("How long a client may take for the head of a request") @Default("10s") @Range(min = "10ms")
        Duration headerTimeout,

        @Doc("How long a connection must have been unused for the drain to close it")
        @Default("500ms")
        @Range(min = "0s", max = "1m")
        Duration linger,

        @Doc("How many event loops read and write, at most one for each processor; 0 for one for each two processors")
        @Default("0")
        @Range(min = "0", max = "1024")
        int eventLoops,

        @Doc("Addresses of proxies that are believed what they tell of their clients, such as 10.0.0.0/8 or ::1")
        @Default("[]")
        List<AddressRange> trustedProxies,

        @Doc(
                "Whether each connection comes from a trusted proxy and begins with a header of the PROXY protocol, version 1 or 2")
        @Default("false")
        boolean proxyProtocol,

        @Doc("The certificate; without it there is no TLS") Optional<TlsFiles> tls) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the PROXY protocol is expected and no proxy is trusted
     */
    public ListenerSection {
        trustedProxies = List.copyOf(trustedProxies);
        if (proxyProtocol && trustedProxies.isEmpty()) {
            throw new IllegalArgumentException(
                    "proxy_protocol: true without trusted_proxies; name the addresses of the proxies there");
        }
    }

    /** Returns the configuration of an empty section. */
    public static ListenerSection defaults() {
        return Binding.defaults(ListenerSection.class);
    }

    /** Returns a copy with another limit of connections. */
    public ListenerSection withMaxConnections(int connections) {
        return new ListenerSection(
                host,
                port,
                maxHeaderSize,
                maxUriLength,
                connections,
                maxLongLived,
                idleTimeout,
                headerTimeout,
                linger,
                eventLoops,
                trustedProxies,
                proxyProtocol,
                tls);
    }

    /** Returns a copy that listens on {@code host} and {@code port}; 0 for any free port. */
    public ListenerSection withAddress(String host, int port) {
        return new ListenerSection(
                Host.of(host),
                port,
                maxHeaderSize,
                maxUriLength,
                maxConnections,
                maxLongLived,
                idleTimeout,
                headerTimeout,
                linger,
                eventLoops,
                trustedProxies,
                proxyProtocol,
                tls);
    }

    /** Returns a copy with another number of event loops; 0 for one for each two processors. */
    public ListenerSection withEventLoops(int count) {
        return new ListenerSection(
                host,
                port,
                maxHeaderSize,
                maxUriLength,
                maxConnections,
                maxLongLived,
                idleTimeout,
                headerTimeout,
                linger,
                count,
                trustedProxies,
                proxyProtocol,
                tls);
    }

    /**
     * Returns the configuration of a listener.
     *
     * @param name for logs and thread names
     * @param section the prefix of this section, which messages name
     */
    public ListenerConfig listener(String name, String section) {
        return new ListenerConfig(
                name,
                section,
                host.name(),
                port,
                tls,
                actualEventLoops(),
                maxConnections,
                maxLongLived,
                false,
                Math.toIntExact(maxHeaderSize.bytes()),
                Math.toIntExact(maxUriLength.bytes()),
                headerTimeout,
                idleTimeout,
                linger,
                trustedProxies,
                proxyProtocol,
                StreamHandler.checkInterval(headerTimeout, idleTimeout));
    }

    /**
     * Handlers run on virtual threads and need the other half; on two processors a second loop costs a fifth of the throughput. More
     * loops than processors would include that of the management port, which must not wait for the service's.
     */
    private int actualEventLoops() {
        int processors = Runtime.getRuntime().availableProcessors();
        return eventLoops == 0 ? Math.max(1, processors / 2) : Math.min(eventLoops, processors);
    }
}
