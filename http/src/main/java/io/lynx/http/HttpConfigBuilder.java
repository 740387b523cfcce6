package io.lynx.http;

import io.lynx.config.Size;
import java.time.Duration;
import java.util.Optional;

/** Changes parts of an {@link HttpConfig}; the parts are described there. Not thread-safe. */
public final class HttpConfigBuilder {
    private String host;
    private int port;
    private Size maxBodySize;
    private Size maxHeaderSize;
    private Size maxUriLength;
    private int maxConnections;
    private int maxInFlight;
    private Duration requestTimeout;
    private Duration slowRequest;
    private Duration idleTimeout;
    private Duration headerTimeout;
    private Duration stallTimeout;
    private Duration linger;
    private boolean compression;
    private Optional<TlsConfig> tls;

    HttpConfigBuilder(HttpConfig from) {
        host = from.host();
        port = from.port();
        maxBodySize = from.maxBodySize();
        maxHeaderSize = from.maxHeaderSize();
        maxUriLength = from.maxUriLength();
        maxConnections = from.maxConnections();
        maxInFlight = from.maxInFlight();
        requestTimeout = from.requestTimeout();
        slowRequest = from.slowRequest();
        idleTimeout = from.idleTimeout();
        headerTimeout = from.headerTimeout();
        stallTimeout = from.stallTimeout();
        linger = from.linger();
        compression = from.compression();
        tls = from.tls();
    }

    /** The address to listen on. */
    public HttpConfigBuilder host(String host) {
        this.host = host;
        return this;
    }

    /** The port to listen on; 0 for any free one. */
    public HttpConfigBuilder port(int port) {
        this.port = port;
        return this;
    }

    /** The largest body, in bytes. */
    public HttpConfigBuilder maxBodySize(long bytes) {
        this.maxBodySize = new Size(bytes);
        return this;
    }

    /** The largest head, in bytes. */
    public HttpConfigBuilder maxHeaderSize(int bytes) {
        this.maxHeaderSize = new Size(bytes);
        return this;
    }

    /** The longest request line, in bytes. */
    public HttpConfigBuilder maxUriLength(int bytes) {
        this.maxUriLength = new Size(bytes);
        return this;
    }

    /** How many connections may be open. */
    public HttpConfigBuilder maxConnections(int connections) {
        this.maxConnections = connections;
        return this;
    }

    /** How many requests are served at a time. */
    public HttpConfigBuilder maxInFlight(int requests) {
        this.maxInFlight = requests;
        return this;
    }

    /** How long a request may take until its answer begins; zero for no limit. */
    public HttpConfigBuilder requestTimeout(Duration time) {
        this.requestTimeout = time;
        return this;
    }

    /** A request whose answer begins later is slow; zero for none. */
    public HttpConfigBuilder slowRequest(Duration time) {
        this.slowRequest = time;
        return this;
    }

    /** How long a connection may stay open without a request. */
    public HttpConfigBuilder idleTimeout(Duration time) {
        this.idleTimeout = time;
        return this;
    }

    /** How long a client may take for a head. */
    public HttpConfigBuilder headerTimeout(Duration time) {
        this.headerTimeout = time;
        return this;
    }

    /** How long a client may take for the next piece of a body or an answer. */
    public HttpConfigBuilder stallTimeout(Duration time) {
        this.stallTimeout = time;
        return this;
    }

    /** How long a connection must have been unused for the drain to close it. */
    public HttpConfigBuilder linger(Duration time) {
        this.linger = time;
        return this;
    }

    /** Whether answers are compressed for clients that take it. */
    public HttpConfigBuilder compression(boolean compression) {
        this.compression = compression;
        return this;
    }

    /** The certificate. */
    public HttpConfigBuilder tls(TlsConfig tls) {
        this.tls = Optional.of(tls);
        return this;
    }

    /** The changed configuration. */
    public HttpConfig build() {
        return new HttpConfig(
                host,
                port,
                maxBodySize,
                maxHeaderSize,
                maxUriLength,
                maxConnections,
                maxInFlight,
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
