package io.lynx.plugin.external;

import io.lynx.config.Masking;
import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.external.ExternalSystemConfig.StartupMode;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * What a subclass does:              when:
 *
 *   open      makes the client       at the start; connects to nothing
 *   probe     one round trip         at the start until it succeeds, at each health check, and while the plugin recovers
 *   prepare   work before first use  after the first successful probe, until it succeeds
 *   evict     drops connections      while the plugin recovers from an outage
 *   cutOff    ends uses by force     when the time of the stop is nearly over
 *   close     closes the client      when the plugin has stopped, also if its start has failed
 */

/**
 * The base of plugins for external systems. It starts with or without the system, checks its health, guards its uses by the circuit
 * breaker of the plugin's id, reconnects after an outage, and waits at the stop for the uses in progress. Subclasses say how to make,
 * probe and close a client. Thread-safe.
 *
 * @param <C> the record of the plugin's section
 * @param <R> the client
 */
public abstract class ExternalSystemPlugin<C extends Record & ExternalSystemConfig, R> implements Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalSystemPlugin.class);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    /** What is kept of the time of a stop to cut off uses, and to report them: a fifth, within these limits. */
    private static final Duration SHORTEST_RESERVE = Duration.ofMillis(200);

    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(1);
    private static final int RESERVED_PART = 5;

    /** The longest time of a start if the application sets none. */
    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private static final int REPORTED = 20;

    private final String id;
    private final String section;
    private final Class<C> type;
    private volatile @Nullable SystemConnector<C, R> running;

    /**
     * Creates the plugin of a name.
     *
     * @param family the first part of its id, such as {@code jdbc}; its section is {@code lynx.jdbc}
     * @param name the second part of both; empty for the plugin without a name
     * @throws IllegalArgumentException if the name is malformed
     */
    protected ExternalSystemPlugin(String family, String name, Class<C> type) {
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(family + ": '" + name
                    + "' is not a name; write lower-case letters and digits in parts joined by single dashes");
        }
        this.id = id(family, name);
        this.section = "lynx." + id;
        this.type = type;
    }

    /** Returns the id of the plugin of that family and name. */
    protected static String id(String family, String name) {
        return name.isEmpty() ? family : family + "." + name;
    }

    /** Returns the plugin's id, which is also the name of its health check and of its circuit breaker. */
    public final String id() {
        return id;
    }

    @Override
    public final PluginDescriptor descriptor() {
        PluginDescriptor.Builder builder = PluginDescriptor.of(id).weight(100).config(section, type);
        describe(builder);
        return builder.build();
    }

    /** Adds to the description of the plugin. */
    protected void describe(PluginDescriptor.Builder descriptor) {}

    /**
     * Makes the client, which does not connect yet, and shares it.
     *
     * @param uses must know everything that uses the client
     * @throws Exception if the configuration does not fit the client; the message names the key and what is allowed
     */
    protected abstract R open(PluginContext context, C config, Uses uses) throws Exception;

    /**
     * Makes a round trip on a connection of its own. It runs on a thread of its own, which is interrupted at the deadline.
     *
     * @param deadline by when it should have returned
     * @return what is known of the system, which health shows, such as its address and version
     * @throws Exception if the system cannot be reached or does not accept the plugin
     */
    protected abstract Health probe(R client, C config, Deadline deadline) throws Exception;

    /**
     * Returns where the system is and how the plugin connects, without secrets, for messages: {@code jdbc:postgresql://db/orders as
     * user 'orders'}.
     */
    protected abstract String address(C config);

    /** Returns whether a failure means that the system could not be reached or did not answer. Must not block. */
    protected abstract boolean isOutage(Throwable failure);

    /**
     * Does what must be done before the first use, such as migrations of a database. It is repeated until it succeeds once.
     *
     * @throws Exception if it fails; the start then fails unless this is an outage
     */
    protected void prepare(R client, C config) throws Exception {}

    /** Drops connections, so that further uses connect anew. */
    protected void evict(R client) {}

    /** Ends the uses that are in progress by force, so that their holders do not wait for the system any more. */
    protected void cutOff(R client) {}

    /** Closes the client. */
    protected void close(R client) {}

    /** Returns the types of the errors that the plugin recovers from by reconnecting. */
    protected Set<String> recoverableErrors() {
        return Set.of("network", "timeout");
    }

    @Override
    public final void start(PluginContext context) throws Exception {
        C config = context.config(type);
        CircuitBreaker breaker = context.breakers().get(id, options -> options.failureWhen(this::isOutage));
        Uses uses = new Uses(id, breaker, this::isOutage, context.ticker());
        R client = open(context, config, uses);
        AutoCloseable _ = context.own(() -> close(client));
        SystemConnector<C, R> connector = new SystemConnector<>(this, context, config, client, uses);
        running = connector;
        for (String errorType : recoverableErrors()) {
            Registration _ = context.recovery().register(errorType, new ReconnectStrategy(id, connector));
        }
        Deadline limit =
                RequestContext.current().deadline().orElseGet(() -> Deadline.after(LONGEST_START, context.ticker()));
        if (config.startup() == StartupMode.REQUIRE) {
            connector.require(limit);
        } else {
            connector.tryNow(limit);
        }
    }

    /** Waits until nothing uses the system any more. What still does when the time is nearly over is cut off and reported. */
    @Override
    public final void stop(Deadline deadline) throws Exception {
        SystemConnector<C, R> connector = running;
        if (connector == null) {
            return;
        }
        running = null;
        connector.stop();
        Uses uses = connector.uses();
        uses.stop();
        if (uses.awaitNone(deadline.minus(reserve(deadline.remaining())))) {
            return;
        }
        List<Holder> holders = uses.holders(REPORTED);
        long count = uses.count();
        boolean _ = UserCode.run(() -> cutOff(connector.client()), failure -> LOG.atWarn()
                .setCause(UserCode.loggable(failure))
                .log("Plugin {}: uses could not be cut off", id));
        if (count > 0) {
            throw new IllegalStateException("plugin '" + id + "': " + count + " uses were cut off: "
                    + holders.stream().map(Holder::toString).collect(Collectors.joining(", "))
                    + "; let their plugins require '" + id + "', or raise lynx.shutdown.plugin_timeouts." + id);
        }
    }

    private static Duration reserve(Duration time) {
        Duration part = time.dividedBy(RESERVED_PART);
        return part.compareTo(SHORTEST_RESERVE) < 0
                ? SHORTEST_RESERVE
                : part.compareTo(LONGEST_RESERVE) > 0 ? LONGEST_RESERVE : part;
    }

    /**
     * Makes a round trip in every state of the circuit breaker. While the breaker is half-open, the result counts as a probe, so that
     * it closes without other uses. A plugin that has not connected yet connects.
     */
    @Override
    public final Health health() throws Exception {
        SystemConnector<C, R> connector = running;
        return connector == null ? Health.down("not started") : connector.health();
    }

    /** Returns the message of a start that fails since the system cannot be reached. */
    String unreachable(C config, Throwable cause, int attempts) {
        return Masking.mask(address(config)) + " cannot be reached: " + Masking.mask(UserCode.describe(cause))
                + (attempts > 1 ? " (" + attempts + " attempts)" : "")
                + "; check the address in " + section + ", the network and that the system runs, or set " + section
                + ".startup: degrade to start without it";
    }

    /** Returns the message of a start that fails since the system does not accept the plugin. */
    String refused(C config, Throwable cause) {
        return Masking.mask(address(config)) + " does not accept the connection: "
                + Masking.mask(UserCode.describe(cause)) + "; check user, password and address in " + section;
    }
}
