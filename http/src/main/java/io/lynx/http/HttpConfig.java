package io.lynx.http;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;

/**
 * The address and the limits of a listener; the section {@code lynx.http} is that of the service. Immutable.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param maxBodySize a larger body is a 413
 * @param maxHeaderSize larger headers are a 431
 * @param maxUriLength a longer request line is a 414
 * @param maxConnections connections beyond it are closed as they are accepted
 * @param maxInFlight requests beyond it are answered 503 with {@code Retry-After}
 * @param maxLongLived more streams cannot become long-lived, such as server-sent events
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

        @Doc("How many long-lived streams (server-sent events, WebSockets, streaming calls) may be open")
        @Default("10000")
        @Range(min = "0")
        int maxLongLived,

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
    /** Returns the configuration in which no key is set. */
    public static HttpConfig defaults() {
        return Binding.defaults(HttpConfig.class);
    }

    /** Returns a builder that starts from the {@linkplain #defaults defaults}. */
    public static Builder builder() {
        return defaults().toBuilder();
    }

    /** Returns a builder that starts from these values. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Returns a copy that listens on this address. */
    public HttpConfig withHost(String host) {
        return toBuilder().host(host).build();
    }

    /** Returns a copy that listens on this port; 0 for any free one. */
    public HttpConfig withPort(int port) {
        return toBuilder().port(port).build();
    }

    /** Collects the values of an {@link HttpConfig}; each is described there. Not thread-safe. */
    public static final class Builder {
        private String host;
        private int port;
        private Size maxBodySize;
        private Size maxHeaderSize;
        private Size maxUriLength;
        private int maxConnections;
        private int maxInFlight;
        private int maxLongLived;
        private Duration requestTimeout;
        private Duration slowRequest;
        private Duration idleTimeout;
        private Duration headerTimeout;
        private Duration stallTimeout;
        private Duration linger;
        private boolean compression;
        private Optional<TlsConfig> tls;

        private Builder(HttpConfig from) {
            host = from.host();
            port = from.port();
            maxBodySize = from.maxBodySize();
            maxHeaderSize = from.maxHeaderSize();
            maxUriLength = from.maxUriLength();
            maxConnections = from.maxConnections();
            maxInFlight = from.maxInFlight();
            maxLongLived = from.maxLongLived();
            requestTimeout = from.requestTimeout();
            slowRequest = from.slowRequest();
            idleTimeout = from.idleTimeout();
            headerTimeout = from.headerTimeout();
            stallTimeout = from.stallTimeout();
            linger = from.linger();
            compression = from.compression();
            tls = from.tls();
        }

        /** Sets the address to listen on. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Sets the port to listen on; 0 for any free one. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** Sets the largest body of a request, in bytes. */
        public Builder maxBodySize(long bytes) {
            this.maxBodySize = new Size(bytes);
            return this;
        }

        /** Sets the largest head of a request, in bytes. */
        public Builder maxHeaderSize(int bytes) {
            this.maxHeaderSize = new Size(bytes);
            return this;
        }

        /** Sets the longest request line, in bytes. */
        public Builder maxUriLength(int bytes) {
            this.maxUriLength = new Size(bytes);
            return this;
        }

        /** Sets how many connections may be open. */
        public Builder maxConnections(int connections) {
            this.maxConnections = connections;
            return this;
        }

        /** Sets how many requests are served at a time. */
        public Builder maxInFlight(int requests) {
            this.maxInFlight = requests;
            return this;
        }

        /** Sets how many long-lived streams may be open. */
        public Builder maxLongLived(int streams) {
            this.maxLongLived = streams;
            return this;
        }

        /** Sets how long a request may take until its answer begins; zero for no limit. */
        public Builder requestTimeout(Duration time) {
            this.requestTimeout = time;
            return this;
        }

        /** Sets when a request whose answer has not begun counts as slow; zero for never. */
        public Builder slowRequest(Duration time) {
            this.slowRequest = time;
            return this;
        }

        /** Sets how long a connection may stay open without a request. */
        public Builder idleTimeout(Duration time) {
            this.idleTimeout = time;
            return this;
        }

        /** Sets how long a client may take for the head of a request. */
        public Builder headerTimeout(Duration time) {
            this.headerTimeout = time;
            return this;
        }

        /** Sets how long a client may take for the next piece of a body or an answer. */
        public Builder stallTimeout(Duration time) {
            this.stallTimeout = time;
            return this;
        }

        /** Sets how long a connection must have been unused for the drain to close it. */
        public Builder linger(Duration time) {
            this.linger = time;
            return this;
        }

        /** Sets whether answers are compressed for clients that accept it. */
        public Builder compression(boolean compression) {
            this.compression = compression;
            return this;
        }

        /** Sets the certificate. */
        public Builder tls(TlsConfig tls) {
            this.tls = Optional.of(tls);
            return this;
        }

        /** Returns the configuration. */
        public HttpConfig build() {
            return new HttpConfig(
                    host,
                    port,
                    maxBodySize,
                    maxHeaderSize,
                    maxUriLength,
                    maxConnections,
                    maxInFlight,
                    maxLongLived,
                    requestTimeout,
                    slowRequest,
                    idleTimeout,
                    headerTimeout,
                    stallTimeout,
                    linger,
                    compression,
                    tls);
        }
    }
}
