package io.lynx.grpc.client;

import io.grpc.CallCredentials;
import io.grpc.ClientInterceptor;
import io.lynx.config.Size;
import io.lynx.grpc.client.engine.RpcClient;
import io.lynx.grpc.client.engine.RpcRules;
import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.PolicyConfig;
import io.lynx.http.client.ServiceDiscovery;
import io.lynx.http.client.service.ServiceConnections;
import io.lynx.plugin.PluginContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Describes a {@link GrpcChannel}. What is not set is as an empty section {@code lynx.clients.<name>} has it. Not thread-safe. */
public final class GrpcChannelBuilder {
    private final String name;
    private final GrpcClientConfig base;
    private final List<ClientInterceptor> interceptors = new ArrayList<>();
    private final Map<String, String> headers;
    private Optional<URI> url;
    private List<String> addresses;
    private Duration timeout;
    private Duration connectTimeout;
    private Duration keepAlive;
    private int maxConnections;
    private Size maxMessageSize;
    private GrpcClientConfig.Compression compression;
    private ClientConfig.Tls tls;
    private PolicyConfig policies;
    private @Nullable ServiceDiscovery discovery;
    private @Nullable CallCredentials credentials;

    GrpcChannelBuilder(String name, GrpcClientConfig base) {
        if (!name.matches("[a-z][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException(
                    "client name: '" + name + "'; lower-case letters, digits and dashes, starting with a letter");
        }
        this.name = name;
        this.base = base;
        this.headers = new LinkedHashMap<>(base.headers());
        this.url = base.url();
        this.addresses = base.addresses();
        this.timeout = base.timeout();
        this.connectTimeout = base.connectTimeout();
        this.keepAlive = base.keepAlive();
        this.maxConnections = base.maxConnections();
        this.maxMessageSize = base.maxMessageSize();
        this.compression = base.compression();
        this.tls = base.tls();
        this.policies = base.policies();
    }

    /** Sets where the service is: {@code http} (HTTP/2 in clear text) or {@code https}, host and port. */
    public GrpcChannelBuilder url(String location) {
        try {
            this.url = Optional.of(new URI(location));
        } catch (URISyntaxException malformed) {
            // Its message quotes the text, which may hold a password.
            throw new IllegalArgumentException("client " + name + ": the URL is malformed at " + malformed.getIndex());
        }
        return this;
    }

    /** Sets instances of the service as {@code host:port}; the addresses of the URL's host if none is set. */
    public GrpcChannelBuilder addresses(String... hostsAndPorts) {
        this.addresses = List.of(hostsAndPorts);
        return this;
    }

    /** Sets what finds the instances of the service, in place of {@link #addresses}. */
    public GrpcChannelBuilder discovery(ServiceDiscovery finder) {
        this.discovery = finder;
        return this;
    }

    /** Sets how long a unary call may take whose options have no deadline. */
    public GrpcChannelBuilder timeout(Duration duration) {
        this.timeout = duration;
        return this;
    }

    /** Sets how long it may take to connect, TLS included. */
    public GrpcChannelBuilder connectTimeout(Duration duration) {
        this.connectTimeout = duration;
        return this;
    }

    /** Sets how long a connection with calls in flight may be silent before a PING checks it. */
    public GrpcChannelBuilder keepAlive(Duration silence) {
        this.keepAlive = silence;
        return this;
    }

    /** Sets how many connections to one address may be open. */
    public GrpcChannelBuilder maxConnections(int connections) {
        this.maxConnections = connections;
        return this;
    }

    /** Sets the largest message of an answer, also when it is decompressed. */
    public GrpcChannelBuilder maxMessageSize(long bytes) {
        this.maxMessageSize = new Size(bytes);
        return this;
    }

    /** Sets how messages are compressed. */
    public GrpcChannelBuilder compression(GrpcClientConfig.Compression use) {
        this.compression = use;
        return this;
    }

    /** Adds metadata that every call has. */
    public GrpcChannelBuilder header(String key, String value) {
        headers.put(key, value);
        return this;
    }

    /** Sets the credentials of calls whose options have none. */
    public GrpcChannelBuilder credentials(CallCredentials callCredentials) {
        this.credentials = callCredentials;
        return this;
    }

    /** Adds interceptors around every call; the one that is added last is called first. */
    public GrpcChannelBuilder intercept(ClientInterceptor... added) {
        interceptors.addAll(List.of(added));
        return this;
    }

    /** Sets the PEM files for TLS. */
    public GrpcChannelBuilder tls(ClientConfig.Tls files) {
        this.tls = files;
        return this;
    }

    /** Changes the policies. */
    public GrpcChannelBuilder policies(UnaryOperator<PolicyConfig> change) {
        this.policies = change.apply(policies);
        return this;
    }

    private GrpcClientConfig config() {
        return new GrpcClientConfig(
                url,
                addresses,
                base.srv(),
                base.zone(),
                base.dnsRefresh(),
                timeout,
                connectTimeout,
                keepAlive,
                base.idleTimeout(),
                maxConnections,
                base.maxWait(),
                base.maxWaiting(),
                maxMessageSize,
                base.maxHeaderSize(),
                compression,
                base.propagation(),
                headers,
                tls,
                policies);
    }

    /**
     * Returns a channel of an application: it shares the application's event loops and clocks, is measured, and its circuit breaker is
     * one of the application's. The plugin closes it, for example by {@link GrpcChannel#close(io.lynx.time.Deadline)} in its stop, or
     * has it {@linkplain PluginContext#own owned} by its context.
     *
     * @throws IllegalArgumentException naming what is missing or cannot be used
     */
    public GrpcChannel build(PluginContext context) {
        return made(context);
    }

    /**
     * Returns a channel without an application. It has event loops of its own from its first call until it is closed.
     *
     * @throws IllegalArgumentException naming what is missing or cannot be used
     */
    public GrpcChannel build() {
        return made(null);
    }

    private GrpcChannel made(@Nullable PluginContext context) {
        GrpcClientConfig config = config();
        ServiceConnections service = ServiceConnections.of(
                context, name, "grpc", config.connections(), discovery, Optional.of(config.keepAlive()));
        List<String> fields = new ArrayList<>();
        config.headers().forEach((key, value) -> {
            fields.add(key.toLowerCase(Locale.ROOT));
            fields.add(value);
        });
        RpcRules rules = new RpcRules(
                name,
                config.timeout(),
                Math.toIntExact(config.maxMessageSize().bytes()),
                config.compression() == GrpcClientConfig.Compression.GZIP ? "gzip" : "",
                config.propagation(),
                List.copyOf(fields),
                credentials);
        RpcClient client = new RpcClient(rules, service, context == null ? _ -> {} : context.recovery()::recordError);
        return new GrpcChannel(client, interceptors);
    }
}
