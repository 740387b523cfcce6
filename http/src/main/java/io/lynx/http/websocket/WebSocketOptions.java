package io.lynx.http.websocket;

import io.lynx.config.Size;
import io.lynx.http.engine.head.HeaderText;
import java.time.Duration;
import java.util.List;

/**
 * How the {@link WebSocket}s of one route behave. Immutable; each {@code with} method returns a changed copy.
 *
 * @param subprotocols the subprotocols that the handler supports, the preferred one first
 * @param maxMessageSize a client that sends a larger message is disconnected with 1009
 * @param maxFrameSize a client that sends a larger frame is disconnected with 1009
 * @param maxPending how many bytes may wait for a client; one that is slower is made to wait by {@link WebSocket#send} and
 *     disconnected by {@link WebSocket#offer}
 * @param idleTimeout a client from which nothing arrives for that long is disconnected; a ping is sent after half of it, which every
 *     client answers. Zero for never
 * @param closeTimeout how long a client may take to confirm that the socket is closed
 * @param compression whether messages are compressed (RFC 7692) for clients that offer it, each on its own
 */
public record WebSocketOptions(
        List<String> subprotocols,
        Size maxMessageSize,
        Size maxFrameSize,
        Size maxPending,
        Duration idleTimeout,
        Duration closeTimeout,
        boolean compression) {
    private static final Size QUARTER_MEGABYTE = new Size(256 * 1024);
    private static final long MOST_BYTES = 1024L * 1024 * 1024;
    private static final int LEAST_PENDING = 1024;
    private static final int MOST_PENDING = 1024 * 1024;

    private static final WebSocketOptions DEFAULTS = new WebSocketOptions(
            List.of(),
            QUARTER_MEGABYTE,
            QUARTER_MEGABYTE,
            QUARTER_MEGABYTE,
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            false);

    /**
     * Options with these components.
     *
     * @throws IllegalArgumentException if one is out of its range; the message names it
     */
    public WebSocketOptions {
        subprotocols = List.copyOf(subprotocols);
        subprotocols.forEach(WebSocketOptions::requireToken);
        requireSize("message size", maxMessageSize);
        requireSize("frame size", maxFrameSize);
        if (maxPending.bytes() < LEAST_PENDING || maxPending.bytes() > MOST_PENDING) {
            throw new IllegalArgumentException("pending bytes of WebSockets: " + maxPending + "; 1KiB to 1MiB");
        }
        if (idleTimeout.isNegative()) {
            throw new IllegalArgumentException("idle timeout of WebSockets: " + idleTimeout + "; zero or more");
        }
        if (!closeTimeout.isPositive()) {
            throw new IllegalArgumentException("close timeout of WebSockets: " + closeTimeout + "; more than zero");
        }
    }

    private static void requireSize(String what, Size size) {
        if (size.bytes() < 1 || size.bytes() > MOST_BYTES) {
            throw new IllegalArgumentException(what + " of WebSockets: " + size + "; 1 byte to 1GiB");
        }
    }

    private static void requireToken(String subprotocol) {
        if (!HeaderText.isToken(subprotocol)) {
            throw new IllegalArgumentException("subprotocol: '" + subprotocol
                    + "' is not a name; letters, digits and the characters !#$%&'*+-.^_`|~, such as chat.v2");
        }
    }

    /**
     * Returns no subprotocols, messages, frames and waiting bytes of 256 KiB at most, an idle time-out of a minute, five seconds for
     * closing, and no compression.
     */
    public static WebSocketOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns a copy with these subprotocols, the preferred one first. The client gets the first of them that it offers.
     *
     * @throws IllegalArgumentException if one is not a token
     */
    public WebSocketOptions withSubprotocols(String... names) {
        return new WebSocketOptions(
                List.of(names), maxMessageSize, maxFrameSize, maxPending, idleTimeout, closeTimeout, compression);
    }

    /**
     * Returns a copy that accepts messages, and frames, of at most this many bytes.
     *
     * @throws IllegalArgumentException if it is not 1 byte to 1 GiB
     */
    public WebSocketOptions withMaxMessageSize(long bytes) {
        Size size = new Size(bytes);
        return new WebSocketOptions(subprotocols, size, size, maxPending, idleTimeout, closeTimeout, compression);
    }

    /**
     * Returns a copy that accepts frames of at most this many bytes; a message may consist of several.
     *
     * @throws IllegalArgumentException if it is not 1 byte to 1 GiB
     */
    public WebSocketOptions withMaxFrameSize(long bytes) {
        return new WebSocketOptions(
                subprotocols, maxMessageSize, new Size(bytes), maxPending, idleTimeout, closeTimeout, compression);
    }

    /**
     * Returns a copy with another number of bytes that may wait for a client.
     *
     * @throws IllegalArgumentException if it is not 1 KiB to 1 MiB
     */
    public WebSocketOptions withMaxPending(long bytes) {
        return new WebSocketOptions(
                subprotocols, maxMessageSize, maxFrameSize, new Size(bytes), idleTimeout, closeTimeout, compression);
    }

    /**
     * Returns a copy with another idle time-out; zero for none. It is accurate to a second.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public WebSocketOptions withIdleTimeout(Duration time) {
        return new WebSocketOptions(
                subprotocols, maxMessageSize, maxFrameSize, maxPending, time, closeTimeout, compression);
    }

    /**
     * Returns a copy with another time in which a client has to confirm that the socket is closed. It is accurate to a second.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    public WebSocketOptions withCloseTimeout(Duration time) {
        return new WebSocketOptions(
                subprotocols, maxMessageSize, maxFrameSize, maxPending, idleTimeout, time, compression);
    }

    /**
     * Returns a copy that compresses. Each message is compressed on its own, so that an idle socket needs no memory for it. Do not
     * compress messages that have both secrets and text that others can choose: their lengths can give the secrets away.
     */
    public WebSocketOptions withCompression() {
        return new WebSocketOptions(
                subprotocols, maxMessageSize, maxFrameSize, maxPending, idleTimeout, closeTimeout, true);
    }
}
