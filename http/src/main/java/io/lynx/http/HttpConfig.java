package io.lynx.http;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;

/**
 * The section {@code lynx.http}. Immutable; each {@code with} method returns a changed copy; {@link #defaults} is the one to start from.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param maxBodySize a larger body is a 413
 * @param maxHeaderSize larger headers are a 431
 * @param maxUriLength a longer request line is a 414
 * @param maxConnections connections beyond it are closed as they are accepted
 * @param maxInFlight requests beyond it are answered 503 with {@code Retry-After}
 * @param requestTimeout how long a request may take from its head until its answer begins; then it is answered with 408 if its
 *     body is still missing and with 503 otherwise, and cancelled; zero for no limit
 * @param slowRequest a request whose answer begins later is counted as slow; zero for none
 * @param idleTimeout how long a connection may stay open without a request
 * @param headerTimeout how long a client may take for a request's head, or for the TLS handshake
 * @param stallTimeout how long a client may take for the next piece (64 KiB) of a body or an answer
 * @param linger how long a connection must have been unused before the drain closes it
 * @param compression whether answers of 1 KiB or more are compressed for clients that accept it
 * @param tls the certificate; empty for clear text
 */
public record HttpConfig(
        @Doc("The address to listen on") @Default("0.0.0.0") String host,

        @Doc("The port to listen on; 0 for any free one") @Default("8080") @Range(min = "0", max = "65535")
        int port,

        @Doc("The largest body of a request") @Default("10MB")
        Size maxBodySize,

        @Doc("The largest head of a request") @Default("16KiB") @Range(min = "1KiB", max = "1MiB")
        Size maxHeaderSize,

        @Doc("The longest request line") @Default("8KiB") @Range(min = "256", max = "1MiB")
        Size maxUriLength,

        @Doc("How many connections may be open") @Default("10000") @Range(min = "1")
        int maxConnections,

        @Doc("How many requests are served at a time") @Default("10000") @Range(min = "1")
        int maxInFlight,

        @Doc("How long a request may take until its answer begins; 0s for no limit") @Default("60s") @Range(min = "0s")
        Duration requestTimeout,

        @Doc("A request whose answer begins later is counted as slow; 0s for none") @Default("1s") @Range(min = "0s")
        Duration slowRequest,

        @Doc("How long a connection may stay open without a request") @Default("60s") @Range(min = "10ms")
        Duration idleTimeout,

        @Doc("How long a client may take for the head of a request") @Default("10s") @Range(min = "10ms")
        Duration headerTimeout,

        @Doc("How long a client may take for the next piece of a body or an answer")
        @Default("30s")
        @Range(min = "10ms")
        Duration stallTimeout,

        @Doc("How long a connection must have been unused for the drain to close it")
        @Default("500ms")
        @Range(min = "0s", max = "1m")
        Duration linger,

        @Doc("Whether answers of 1 KiB or more are compressed for clients that accept it") @Default("false")
        boolean compression,

        @Doc("The certificate; without it there is no TLS") Optional<TlsConfig> tls) {
    private static final HttpConfig DEFAULTS = new HttpConfig(
            "0.0.0.0",
            8080,
            new Size(10_000_000),
            new Size(16 * 1024),
            new Size(8 * 1024),
            10_000,
            10_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMillis(500),
            false,
            Optional.empty());

    /** The configuration of an empty section. */
    public static HttpConfig defaults() {
        return DEFAULTS;
    }

    /** Listening on {@code host}. */
    public HttpConfig withHost(String host) {
        return copy().host(host).build();
    }

    /** Listening on {@code port}; 0 for any free one. */
    public HttpConfig withPort(int port) {
        return copy().port(port).build();
    }

    /** With bodies of at most {@code bytes}. */
    public HttpConfig withMaxBodySize(long bytes) {
        return copy().maxBodySize(bytes).build();
    }

    /** With at most {@code connections} connections. */
    public HttpConfig withMaxConnections(int connections) {
        return copy().maxConnections(connections).build();
    }

    /** With at most {@code requests} requests at a time. */
    public HttpConfig withMaxInFlight(int requests) {
        return copy().maxInFlight(requests).build();
    }

    /** With TLS. */
    public HttpConfig withTls(TlsConfig tls) {
        return copy().tls(tls).build();
    }

    /** Returns a builder with these values, for changing several of them. */
    public HttpConfigBuilder copy() {
        return new HttpConfigBuilder(this);
    }
}
