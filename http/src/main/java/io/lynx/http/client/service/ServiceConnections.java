package io.lynx.http.client.service;

import io.lynx.context.Tracing;
import io.lynx.extension.Registration;
import io.lynx.http.client.ClientConfig;
import io.lynx.http.client.ServiceDiscovery;
import io.lynx.http.client.engine.ClientHost;
import io.lynx.http.client.engine.ClientParts;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.http.client.engine.balance.ServerLeases;
import io.lynx.http.client.engine.pool.ClientLimits;
import io.lynx.http.client.engine.telemetry.CallMetrics;
import io.lynx.http.client.engine.telemetry.ClientTarget;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.Connector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The connections to one service, with the policies and the metrics of a client. Thread-safe. */
public final class ServiceConnections implements AutoCloseable {
    private final ClientParts parts;
    private final ClientLimits limits;
    private final ClientTarget target;
    private final Connector connector;
    private final ServerLeases leases;
    private final CallMetrics metrics;
    private final String protocol;
    private final List<AutoCloseable> owned = new ArrayList<>();

    private ServiceConnections(
            ClientParts parts, String protocol, @Nullable ServiceDiscovery discovery, Optional<Duration> keepAlive) {
        this.parts = parts;
        this.protocol = protocol;
        this.limits = parts.limits();
        this.target = parts.target(discovery);
        this.connector = parts.connector(keepAlive);
        this.leases = new ServerLeases(limits, target, connector, parts.host().runtime());
        this.metrics = new CallMetrics(parts.name(), protocol, parts.host().metrics());
        this.owned.addAll(parts.host().owned());
    }

    /**
     * Prepares the connections of one client; none is opened before the first call.
     *
     * @param context the application's; null for a client without an application
     * @param protocol the label of its metrics
     * @param discovery null for what the configuration says
     * @param keepAlive how long a connection with calls may be silent before it is checked; empty for no check
     * @throws IllegalArgumentException naming what is missing or cannot be used
     */
    public static ServiceConnections of(
            @Nullable PluginContext context,
            String name,
            String protocol,
            ClientConfig config,
            @Nullable ServiceDiscovery discovery,
            Optional<Duration> keepAlive) {
        ClientHost host = context == null ? ClientHost.standalone() : ClientHost.of(context);
        return new ServiceConnections(new ClientParts(name, config, host), protocol, discovery, keepAlive);
    }

    /**
     * Begins to show the present numbers of calls and connections.
     *
     * @param inFlight calls that have begun and not ended
     * @param retry null if calls are not made again
     */
    public void show(LongSupplier inFlight, @Nullable Retry retry) {
        MetricRegistry registry = parts.host().metrics();
        if (registry == null) {
            return;
        }
        owned.add(registry.source(
                protocol + "-client", out -> metrics.collect(leases.counts(inFlight.getAsLong()), out)));
        if (retry != null) {
            Registration retries = registry.source(protocol + "-client-retries", retry);
            owned.add(retries);
        }
    }

    /**
     * Returns what finds the connections for the attempts of one call.
     *
     * @param subject names the call in messages
     * @param end of the call; null if it has none
     */
    public ServiceRoute route(String subject, @Nullable Deadline end) {
        return new ServiceRoute(this, subject, end);
    }

    /** Returns whether there are several servers, and one of them is available. */
    public boolean hasOthers() {
        return leases.hasOthers();
    }

    /** Returns the host and port as the servers know them. */
    public String authority() {
        return target.authority();
    }

    /** Returns the name that the servers' certificates must have. */
    public String serverName() {
        return target.serverName();
    }

    /** Returns the port of the authority. */
    public int serverPort() {
        return target.port();
    }

    /** Returns {@code http} or {@code https}. */
    public String scheme() {
        return target.scheme();
    }

    // The policies; null for those that are not configured.

    /** Returns what makes calls again. */
    public @Nullable Retry retry(Predicate<? super Exception> isRetryable) {
        return parts.retry(isRetryable);
    }

    /** Returns what finds the circuit breaker. */
    public @Nullable Supplier<CircuitBreaker> breaker(Consumer<CircuitBreakerConfig.Builder> options) {
        return parts.breaker(options);
    }

    /** Returns what limits the rate of calls. */
    public @Nullable RateLimiter rateLimiter() {
        return parts.rateLimiter();
    }

    /** Returns what limits the calls at a time. */
    public @Nullable Bulkhead bulkhead() {
        return parts.bulkhead();
    }

    // Metrics.

    /** A call has ended, with this status, after this time. */
    public void ended(String method, String path, String status, long nanos) {
        metrics.ended(method, path, status, nanos);
    }

    /** A call has no answer, for this reason. */
    public void unanswered(String reason) {
        metrics.unanswered(reason);
    }

    // The clocks and threads of the application.

    /** Returns where spans go; null for nowhere. */
    public @Nullable Tracing tracing() {
        return runtime().tracing();
    }

    /** Returns the monotonic clock. */
    public Ticker ticker() {
        return runtime().ticker();
    }

    /** Returns what runs short tasks that end waits. */
    public Scheduler scheduler() {
        return runtime().scheduler();
    }

    /** Returns what makes virtual threads. */
    public ThreadFactory threads() {
        return runtime().threads();
    }

    /** Waits on the calling thread. */
    public void sleep(Duration duration) throws InterruptedException {
        runtime().sleep(duration);
    }

    ClientRuntime runtime() {
        return parts.host().runtime();
    }

    ClientLimits limits() {
        return limits;
    }

    ServerLeases leases() {
        return leases;
    }

    /** Closes all connections; calls in flight fail. Idempotent. */
    @Override
    public void close() {
        leases.close();
        connector.close();
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
