package io.lynx.redis;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.context.SpanKind;
import io.lynx.context.Tracing;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.external.NotConnectedException;
import io.lynx.plugin.external.Use;
import io.lynx.plugin.external.Uses;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CallRejectedException.BulkheadFullException;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.StaticCommandFlagsRegistry;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.executors.ClusterCommandExecutor;
import redis.clients.jedis.executors.CommandExecutor;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;

/**
 * Executes the commands of one Redis: guards them by the circuit breaker, lets callers wait for a connection, measures, traces and limits
 * them. Thread-safe.
 */
final class ManagedCommands implements CommandExecutor {
    /** What a cluster may take to follow moved keys and lost nodes, as a multiple of the time limit of a command. */
    private static final int CLUSTER_ATTEMPTS = 5;

    private final String plugin;
    private final RedisConfig config;
    private final ServerNodes nodes;
    private final Uses uses;
    private final Bulkhead places;
    private final ServerRefusals refusals;
    private final LimitedCalls calls;
    private final CommandSeries series;
    private final Tracing tracing;
    private final Ticker ticker;
    private volatile @Nullable CommandExecutor cluster;

    ManagedCommands(
            String plugin,
            String label,
            RedisConfig config,
            ServerNodes nodes,
            Uses uses,
            Bulkhead places,
            ServerRefusals refusals,
            PluginContext context) {
        this.plugin = plugin;
        this.config = config;
        this.nodes = nodes;
        this.uses = uses;
        this.places = places;
        this.refusals = refusals;
        this.calls = new LimitedCalls();
        MetricRegistry registry = context.metrics().registry();
        this.series = new CommandSeries(registry, label);
        this.tracing = context.resource(Tracing.KEY);
        this.ticker = context.ticker();
    }

    LimitedCalls calls() {
        return calls;
    }

    /**
     * Executes a command.
     *
     * @throws RedisUnavailableException if the circuit breaker refuses it, or the plugin has not connected yet
     * @throws ConnectionsExhaustedException if all connections are in use for as long as the caller can wait
     * @throws CommandCancelledException if the request is over
     */
    @Override
    public <T> T executeCommand(CommandObject<T> command) {
        CommandSeries.Series measured = series.of(command.getArguments());
        RequestContext request = RequestContext.current();
        long began = ticker.nanos();
        Span span = tracing.isInSpan(request) ? begin(measured.name(), request) : Span.NONE;
        JedisException failure = null;
        try (Use use = use(measured.name(), request);
                Bulkhead.Slot _ = place(use)) {
            return execute(command, use);
        } catch (JedisException thrown) {
            failure = thrown;
            throw thrown;
        } finally {
            measured.duration().record(Duration.ofNanos(ticker.nanos() - began));
            if (failure != null) {
                series.failed(failure);
            }
            span.end(failure);
        }
    }

    private <T> T execute(CommandObject<T> command, Use use) {
        try {
            T answer = send(command);
            use.succeeded();
            return answer;
        } catch (JedisException failure) {
            throw failed(use, failure);
        }
    }

    /** Notes a failure of a use, and returns what the caller receives for it. */
    JedisException failed(Use use, JedisException failure) {
        if (failure instanceof CommandCancelledException) {
            return failure;
        }
        use.failed(failure);
        refusals.note(failure);
        if (RedisFailures.isConnectionSuspect(failure) && config.mode() != RedisConfig.Mode.CLUSTER) {
            nodes.clearIdle();
        }
        return RedisFailures.explain(failure);
    }

    private <T> T send(CommandObject<T> command) {
        ConnectionProvider provider = nodes.provider();
        if (provider instanceof ClusterConnectionProvider several) {
            return cluster(several).executeCommand(command);
        }
        try (Connection connection = provider.getConnection(command.getArguments())) {
            return calls.execute(connection, command);
        }
    }

    private CommandExecutor cluster(ClusterConnectionProvider several) {
        CommandExecutor known = cluster;
        if (known == null) {
            // Two threads may make one each: it holds nothing but the provider.
            known = new LimitedCluster(
                    several, CLUSTER_ATTEMPTS, config.commandTimeout().multipliedBy(CLUSTER_ATTEMPTS), calls);
            cluster = known;
        }
        return known;
    }

    /** Begins a use of a connection. */
    Use use(String operation, RequestContext request) {
        if (request.isCancelled()) {
            throw new CommandCancelledException(operation, null);
        }
        try {
            return uses.begin();
        } catch (CircuitBreakerOpenException | NotConnectedException refusal) {
            throw new RedisUnavailableException(refusal.getMessage(), refusal);
        }
    }

    /** Waits for the right to use a connection. */
    Bulkhead.Slot place(Use use) {
        use.waits();
        try {
            Bulkhead.Slot place = places.acquire();
            use.holds();
            return place;
        } catch (BulkheadFullException full) {
            if (RequestContext.current().isCancelled()) {
                throw new CommandCancelledException("connect", null);
            }
            throw new ConnectionsExhaustedException(
                    plugin + ": all " + config.poolSize() + " connections are in use (" + full.getMessage()
                            + "); held by " + uses.describe()
                            + "; shorten the work that holds a connection, or raise lynx." + plugin + ".pool_size",
                    full);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConnectionsExhaustedException(
                    plugin + ": interrupted while waiting for a connection", interrupted);
        }
    }

    private Span begin(String command, RequestContext request) {
        Span span = tracing.begin(SpanKind.CLIENT, command, request);
        if (span.isTraced()) {
            span.attribute("db.system.name", "redis");
            span.attribute("db.operation.name", command);
            span.attribute("db.namespace", config.database());
            HostAndPort server = config.addresses().iterator().next();
            span.attribute("server.address", server.getHost());
            span.attribute("server.port", server.getPort());
        }
        return span;
    }

    @Override
    public void close() {
        // The plugin closes the connections.
    }

    /** Follows moved keys; each attempt ends at the deadline of the request. */
    private static final class LimitedCluster extends ClusterCommandExecutor {
        private final LimitedCalls calls;

        LimitedCluster(ClusterConnectionProvider provider, int attempts, Duration total, LimitedCalls calls) {
            super(provider, attempts, total, StaticCommandFlagsRegistry.registry());
            this.calls = calls;
        }

        @Override
        protected <T> T execute(Connection connection, CommandObject<T> command) {
            return calls.execute(connection, command);
        }
    }
}
