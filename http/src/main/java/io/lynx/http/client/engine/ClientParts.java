package io.lynx.http.client.engine;

import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.PolicyConfig;
import io.lynx.http.client.ServiceAddress;
import io.lynx.http.client.ServiceDiscovery;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.resilience.RetryBudget;
import io.lynx.transport.ClientTls;
import io.lynx.transport.Connector;
import io.lynx.transport.ConnectorSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the parts of one client from its configuration. Immutable and thread-safe.
 *
 * @param name of the client
 * @param host the application
 */
public record ClientParts(String name, ClientConfig config, ClientHost host) {
    /** Returns the configuration section, for messages. */
    public String section() {
        return "lynx.clients." + name;
    }

    /**
     * Returns where the service is.
     *
     * @throws IllegalArgumentException if that is not configured
     */
    public URI url() {
        return config.url()
                .orElseThrow(() -> new IllegalArgumentException(
                        section() + ".url: missing; where the service is, such as http://inventory:8080"));
    }

    private boolean isTls() {
        return url().getScheme().equals("https");
    }

    public ClientLimits limits() {
        return new ClientLimits(
                name,
                section(),
                config.connectTimeout(),
                config.readTimeout(),
                config.maxConnections(),
                mayMultiplex(),
                config.maxWait(),
                config.maxWaiting(),
                config.idleTimeout(),
                config.maxBodySize().bytes());
    }

    /** Where HTTP/2 is neither negotiated nor known, calls need not wait until a first connection tells. */
    private boolean mayMultiplex() {
        return switch (config.http2()) {
            case OFF -> false;
            case NEGOTIATED -> isTls();
            case ALWAYS -> true;
        };
    }

    /**
     * Returns the service.
     *
     * @param given what finds its addresses; null for what the configuration says
     */
    public ClientTarget target(@Nullable ServiceDiscovery given) {
        URI url = url();
        int port = url.getPort() >= 0 ? url.getPort() : isTls() ? 443 : 80;
        String host = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        List<ServiceAddress> listed = config.addresses().isEmpty()
                ? List.of(new ServiceAddress(host, port, ""))
                : config.addresses().stream().map(ServiceAddress::parse).toList();
        return new ClientTarget(
                url.getScheme(),
                url.getPort() >= 0 ? url.getHost() + ":" + port : url.getHost(),
                host,
                config.zone(),
                given != null
                        ? given
                        : config.srv().map(ServiceDiscovery::srv).orElseGet(() -> ServiceDiscovery.of(listed)),
                config.dnsRefresh());
    }

    /**
     * Returns what opens connections.
     *
     * @param keepAlive how long a connection with calls may be silent; empty for no limit
     */
    public Connector connector(Optional<Duration> keepAlive) {
        ClientConfig.Tls files = config.tls();
        Optional<ClientTls> tls = isTls()
                ? Optional.of(new ClientTls(files.authorities(), files.certificate(), files.key()))
                : Optional.empty();
        return host.engine()
                .connector(new ConnectorSpec(
                        name,
                        section(),
                        tls,
                        switch (config.http2()) {
                            case OFF -> ConnectorSpec.Version.HTTP_1_1;
                            case NEGOTIATED -> ConnectorSpec.Version.NEGOTIATED;
                            case ALWAYS -> ConnectorSpec.Version.HTTP_2;
                        },
                        Math.toIntExact(config.maxHeaderSize().bytes()),
                        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                        keepAlive,
                        host.runtime().ticker()));
    }

    private String policy() {
        return "client." + name;
    }

    /** Returns what makes calls again; null if nothing does. */
    public @Nullable Retry retry(Predicate<? super Exception> isRetryable) {
        PolicyConfig policies = config.policies();
        return policies.retryAttempts() == 1
                ? null
                : Retry.builder()
                        .name(policy())
                        .maxAttempts(policies.retryAttempts())
                        .initialDelay(policies.retryDelay())
                        .maxDelay(policies.retryMaxDelay())
                        .retryWhen(isRetryable)
                        .budget(RetryBudget.standard(host.runtime().ticker()))
                        .sleeper(host.runtime()::sleep)
                        .build();
    }

    /** Returns what finds the circuit breaker; null if there is none. */
    public @Nullable Supplier<CircuitBreaker> breaker(Consumer<CircuitBreakerConfig.Builder> options) {
        return config.policies().circuitBreaker() ? () -> host.breakers().get(policy(), options) : null;
    }

    public @Nullable RateLimiter rateLimiter() {
        PolicyConfig policies = config.policies();
        return policies.rateLimit().isEmpty()
                ? null
                : RateLimiter.builder(policy(), policies.rateLimit().get(), policies.ratePeriod())
                        .maxWait(policies.rateWait())
                        .ticker(host.runtime().ticker())
                        .build();
    }

    public @Nullable Bulkhead bulkhead() {
        PolicyConfig policies = config.policies();
        return policies.maxCalls().isEmpty()
                ? null
                : Bulkhead.of(policy(), policies.maxCalls().get(), policies.maxCallsWait());
    }
}
