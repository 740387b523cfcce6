package io.lynx.transport;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Optional;

/**
 * A connector to be made by an {@link Engine}. Immutable.
 *
 * @param name for messages
 * @param section the configuration section that messages name, such as {@code lynx.clients.inventory}
 * @param tls empty for clear text
 * @param version the protocol of its connections
 * @param maxHeaderSize the largest head of an answer, in bytes
 * @param eventLoops how many event loops serve its connections
 * @param keepAlive how long an HTTP/2 connection with calls in flight may be silent before it is checked by a PING; empty for no
 *     check
 * @param ticker the clock by which certificates are reloaded
 */
public record ConnectorSpec(
        String name,
        String section,
        Optional<ClientTls> tls,
        Version version,
        int maxHeaderSize,
        int eventLoops,
        Optional<Duration> keepAlive,
        Ticker ticker) {
    /** The protocol of connections. */
    public enum Version {
        /** HTTP/1.1. */
        HTTP_1_1,
        /** HTTP/2, also in clear text. */
        HTTP_2,
        /** HTTP/2 where TLS negotiates it, otherwise HTTP/1.1. */
        NEGOTIATED
    }
}
