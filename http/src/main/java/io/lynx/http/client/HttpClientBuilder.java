package io.lynx.http.client;

import io.lynx.config.Size;
import io.lynx.http.client.engine.CallPolicies;
import io.lynx.http.client.engine.ClientHost;
import io.lynx.json.JsonCodec;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.CircuitBreakerConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Describes an {@link HttpClient}. What is not set is as an empty section {@code lynx.clients.<name>} has it. Not thread-safe. */
public final class HttpClientBuilder {
    final String name;
    final ClientConfig base;
    private Optional<URI> url;
    private List<String> addresses;
    private ClientConfig.Http2 http2;
    private Duration timeout;
    private Duration connectTimeout;
    private Duration readTimeout;
    private int maxConnections;
    private Size maxBodySize;
    private int maxRedirects;
    private boolean compression;
    private final Map<String, String> headers;
    private ClientConfig.Tls tls;
    private PolicyConfig policies;

    Consumer<CircuitBreakerConfig.Builder> breaker = CallPolicies.BREAKER;

    @Nullable
    JsonCodec json;

    @Nullable
    ServiceDiscovery discovery;

    HttpClientBuilder(String name, ClientConfig base) {
        if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException(
                    "client name: '" + name + "'; lower-case letters, digits and dashes, starting with a letter");
        }
        this.name = name;
        this.base = base;
        this.url = base.url();
        this.addresses = base.addresses();
        this.http2 = base.http2();
        this.timeout = base.timeout();
        this.connectTimeout = base.connectTimeout();
        this.readTimeout = base.readTimeout();
        this.maxConnections = base.maxConnections();
        this.maxBodySize = base.maxBodySize();
        this.maxRedirects = base.maxRedirects();
        this.compression = base.compression();
        this.headers = new LinkedHashMap<>(base.headers());
        this.tls = base.tls();
        this.policies = base.policies();
    }

    /** Sets where the service is; {@code http} or {@code https}, host, port, and a path in front of those of the calls. */
    public HttpClientBuilder url(String location) {
        try {
            this.url = Optional.of(new URI(location));
        } catch (URISyntaxException malformed) {
            // Its message quotes the text, which may hold a password.
            throw new IllegalArgumentException("client " + name + ": the URL is malformed at " + malformed.getIndex());
        }
        return this;
    }

    /** Sets instances of the service as {@code host:port}; the addresses of the URL's host if none is set. */
    public HttpClientBuilder addresses(String... hostsAndPorts) {
        this.addresses = List.of(hostsAndPorts);
        return this;
    }

    /** Sets what finds the instances of the service, in place of {@link #addresses}. */
    public HttpClientBuilder discovery(ServiceDiscovery finder) {
        this.discovery = finder;
        return this;
    }

    /** Sets whether connections use HTTP/2. */
    public HttpClientBuilder http2(ClientConfig.Http2 use) {
        this.http2 = use;
        return this;
    }

    /** Sets how long a call may take with all of its attempts. */
    public HttpClientBuilder timeout(Duration duration) {
        this.timeout = duration;
        return this;
    }

    /** Sets how long it may take to connect, TLS included. */
    public HttpClientBuilder connectTimeout(Duration duration) {
        this.connectTimeout = duration;
        return this;
    }

    /** Sets how long the server may take for the head or the next bytes of an answer. */
    public HttpClientBuilder readTimeout(Duration duration) {
        this.readTimeout = duration;
        return this;
    }

    /** Sets how many connections to one address may be open. */
    public HttpClientBuilder maxConnections(int connections) {
        this.maxConnections = connections;
        return this;
    }

    /** Sets the largest body of an answer that is read as a whole, decompressed. */
    public HttpClientBuilder maxBodySize(long bytes) {
        this.maxBodySize = new Size(bytes);
        return this;
    }

    /** Sets how many redirects within the service one call follows; none unless set. */
    public HttpClientBuilder maxRedirects(int redirects) {
        this.maxRedirects = redirects;
        return this;
    }

    /** Sets whether compressed answers are accepted and decompressed. */
    public HttpClientBuilder compression(boolean isWanted) {
        this.compression = isWanted;
        return this;
    }

    /** Adds a header that every call has. */
    public HttpClientBuilder header(String key, String value) {
        headers.put(key, value);
        return this;
    }

    /** Sets the PEM files for TLS. */
    public HttpClientBuilder tls(ClientConfig.Tls files) {
        this.tls = files;
        return this;
    }

    /** Changes the policies. */
    public HttpClientBuilder policies(UnaryOperator<PolicyConfig> change) {
        this.policies = change.apply(policies);
        return this;
    }

    /**
     * Sets options of the circuit breaker {@code client.<name>}, such as {@code breaker -> breaker.timeout(Duration.ofSeconds(5))}. Those
     * that configuration has for this breaker override them.
     */
    public HttpClientBuilder circuitBreaker(Consumer<? super CircuitBreakerConfig.Builder> options) {
        this.breaker = breaker.andThen(options);
        return this;
    }

    /** Sets what reads and writes JSON bodies; the codec of the application if not set. */
    public HttpClientBuilder json(JsonCodec codec) {
        this.json = codec;
        return this;
    }

    ClientConfig config() {
        return new ClientConfig(
                url,
                addresses,
                base.srv(),
                http2,
                base.zone(),
                base.dnsRefresh(),
                timeout,
                connectTimeout,
                readTimeout,
                base.attemptTimeout(),
                base.idleTimeout(),
                maxConnections,
                base.maxWait(),
                base.maxWaiting(),
                maxBodySize,
                base.maxHeaderSize(),
                maxRedirects,
                compression,
                base.propagation(),
                headers,
                tls,
                policies);
    }

    /**
     * Returns a client of an application: it shares the application's event loops and clocks, is measured, and its circuit
     * breaker is one of the application's. The plugin closes it, for example by {@link HttpClient#close(io.lynx.time.Deadline)}
     * in its stop, or has it {@linkplain PluginContext#own owned} by its context.
     *
     * @throws IllegalArgumentException naming what is missing or cannot be used
     */
    public HttpClient build(PluginContext context) {
        return ClientAssembly.build(this, ClientHost.of(context));
    }

    /**
     * Returns a client without an application. It has event loops of its own from its first call until it is closed.
     *
     * @throws IllegalArgumentException naming what is missing or cannot be used
     */
    public HttpClient build() {
        return ClientAssembly.build(this, ClientHost.standalone());
    }
}
