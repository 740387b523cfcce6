package io.lynx.jdbc.outbox;

import io.lynx.context.RequestContext;
import io.lynx.event.DurableEvents;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.ReceivedEvent;
import io.lynx.event.Topic;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.CloudEventCodec;
import io.lynx.event.bridge.EventBridge;
import io.lynx.event.bridge.LocalDelivery;
import io.lynx.event.bridge.RedeliveryPauses;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.UncheckedSqlException;
import io.lynx.jdbc.outbox.OutboxRelay.RelayTime;
import io.lynx.jdbc.outbox.OutboxTable.Backlog;
import io.lynx.job.Schedule;
import io.lynx.leadership.Leadership;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A transactional outbox: {@code outbox}, configured by {@code lynx.outbox}, in the database of the plugin {@code jdbc}, or {@code
 * outbox.<name>} in that of {@code jdbc.<name>}. It keeps the events of durable topics that are published inside of {@link
 * Transactions#in}. The instance that is the leader of {@code outbox} or {@code outbox-<name>} delivers them at least once, those of a
 * key in their order: through a bridge, or to its own handlers. Thread-safe.
 */
public final class OutboxPlugin implements Plugin, MetricSource {
    /** The metrics of outboxes and inboxes, in the order of the reference page. */
    public static final List<Metric> METRICS = OutboxMetrics.ALL;

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(5);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(250);
    private static final Duration CLEANED = Duration.ofMinutes(1);

    private final String name;
    private final String label;
    private volatile @Nullable Running running;

    /** What exists between start and stop. Immutable, apart from what it has measured. */
    private static final class Running {
        private final OutboxConfig config;
        private final OutboxTable table;
        private final Transactions transactions;
        private final Leadership leadership;
        private final OutboxRelay relay;
        private final LocalSink local;
        private volatile Backlog backlog = new Backlog(0, 0, 0);

        Running(
                OutboxConfig config,
                OutboxTable table,
                Transactions transactions,
                Leadership leadership,
                OutboxRelay relay,
                LocalSink local) {
            this.config = config;
            this.table = table;
            this.transactions = transactions;
            this.leadership = leadership;
            this.relay = relay;
            this.local = local;
        }

        /** Returns why the oldest event waits, as far as this instance knows. */
        String reason() {
            Throwable problem = relay.problem();
            if (problem != null) {
                return ": " + LocalSink.describe(problem);
            }
            return local.longest()
                    .filter(event -> event.duration().compareTo(config.maxAge()) > 0)
                    .map(event -> "; one of " + event.topic() + " has been with its handlers for "
                            + event.duration().toSeconds() + " s")
                    .or(() -> relay.failing().map(failing -> "; one of " + failing))
                    .orElse("");
        }

        void measure() throws SQLException {
            backlog = transactions.in(table::backlog);
        }

        void clean() throws SQLException {
            int _ = transactions.in(connection -> table.clean(
                    connection,
                    config.retention().toMillis(),
                    config.deadRetention().toMillis()));
        }
    }

    /** Creates the outbox of the database without a name, which is not started. */
    public OutboxPlugin() {
        this("");
    }

    /** Creates the outbox of the database of that name, which is not started. */
    public OutboxPlugin(String name) {
        this.name = name;
        this.label = name.isEmpty() ? "default" : name;
    }

    /** Returns the id of the outbox of the database of that name. */
    public static String id(String name) {
        return name.isEmpty() ? "outbox" : "outbox." + name;
    }

    private String database() {
        return name.isEmpty() ? "jdbc" : "jdbc." + name;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id(name))
                .weight(80)
                .requires(database())
                .uses(EventBridge.CAPABILITY)
                .config("lynx." + id(name), OutboxConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws SQLException {
        OutboxConfig config = context.config(OutboxConfig.class);
        Transactions transactions = context.resource(JdbcPlugin.transactions(name));
        OutboxTable table = new OutboxTable(config.table(), context.json(), context.clock());
        TableSetup setup = table.setup();
        if (config.createTable()) {
            setup.tryNow(transactions);
        } else {
            setup.skip();
        }
        MetricRegistry registry = context.metrics().registry();
        CloudEventCodec codec = new CloudEventCodec(context.json(), source(config), context.clock());
        Leadership leadership = context.leadership(id(name).replace('.', '-'), database());
        OutboxListener listener = new OutboxListener(id(name));
        WakeSignal wake = new WakeSignal();
        LocalSink local = new LocalSink(
                delivery(context, config, codec, listener),
                new LocalSink.Settings(
                        config.concurrency(),
                        context.threads(),
                        context.scheduler(),
                        context.ticker(),
                        () -> listener.isOpen() ? leadership.token() : Optional.empty(),
                        wake::wake));
        OutboxRelay relay = new OutboxRelay(
                label,
                config,
                table,
                transactions,
                sink(context, config, local),
                listener,
                leadership::isLeader,
                new RelayTime(context.scheduler(), context.ticker(), RandomGenerator.getDefault()),
                wake,
                (outcome, count) -> registry.counter(OutboxMetrics.DELIVERED, label, outcome)
                        .add(count));
        Running started = new Running(config, table, transactions, leadership, relay, local);
        Counter written = registry.counter(OutboxMetrics.WRITTEN, label);
        Registration _ =
                context.events().durable(new OutboxWriter(context, transactions, table, setup, codec, relay, written));
        Leadership _ = leadership.onGained(_ -> relay.wake());
        Registration _ = context.schedule(id(name) + ".measure", Schedule.every(measured(config)), _ -> {
            setup.run(transactions);
            try {
                started.measure();
            } catch (SQLException failure) {
                setup.repair(failure, transactions, context.threads());
                throw failure;
            }
        });
        Registration _ = context.schedule(id(name) + ".clean", Schedule.every(CLEANED), _ -> {
            if (leadership.isLeader()) {
                started.clean();
            }
        });
        Registration _ = context.metricSource(id(name), this);
        running = started;
        listener.onOpen(relay::wake);
        listener.onDrain(relay::wake);
        listener.onClose(relay::close);
        Registration _ = context.traffic(listener);
        context.threads().newThread(relay).start();
    }

    /** Returns how often the backlog is counted: often enough to find an event that is too old soon. */
    private static Duration measured(OutboxConfig config) {
        Duration fourth = config.maxAge().dividedBy(4);
        if (fourth.compareTo(LONGEST_INTERVAL) > 0) {
            return LONGEST_INTERVAL;
        }
        return fourth.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : fourth;
    }

    private static String source(OutboxConfig config) {
        if (!config.source().isEmpty()) {
            return config.source();
        }
        return config.bridge().isEmpty() ? "/outbox" : "/" + config.bridge();
    }

    private static LocalDelivery delivery(
            PluginContext context, OutboxConfig config, CloudEventCodec codec, OutboxListener listener) {
        LocalDelivery delivery = new LocalDelivery(
                context.events(),
                codec,
                new LocalDelivery.Settings(
                        1,
                        false,
                        new RedeliveryPauses(config.firstPause(), config.longestPause()),
                        context.scheduler(),
                        context.ticker(),
                        RandomGenerator.getDefault(),
                        () -> {}));
        listener.onDrain(delivery::drain);
        listener.onClose(delivery::close);
        return delivery;
    }

    private static OutboxSink sink(PluginContext context, OutboxConfig config, LocalSink local) {
        if (config.bridge().isEmpty()) {
            return local;
        }
        BridgeSink bridge =
                new BridgeSink(config.bridge(), () -> context.findResource(EventBridge.key(config.bridge())));
        return new ForwardingSink(bridge, local);
    }

    /** Writes events in the transactions of their publishers. */
    private record OutboxWriter(
            PluginContext context,
            Transactions transactions,
            OutboxTable table,
            TableSetup setup,
            CloudEventCodec codec,
            OutboxRelay relay,
            Counter written)
            implements DurableEvents {
        @Override
        public <T> boolean write(Topic<T> topic, T payload, EventHeaders headers) {
            Optional<Connection> connection = transactions.current();
            if (connection.isEmpty()) {
                return false;
            }
            ReceivedEvent event = new ReceivedEvent(
                    UUID.randomUUID().toString(), context.clock().instant(), headers);
            BridgeMessage message = codec.write(topic, payload, event, RequestContext.current());
            try {
                table.write(connection.get(), message);
            } catch (SQLException failure) {
                setup.repair(failure, transactions, context.threads());
                throw new UncheckedSqlException("event of " + topic + ": could not be written to the outbox", failure);
            }
            written.increment();
            transactions.afterCommit(relay::wake);
            return true;
        }
    }

    @Override
    public Health health() {
        Running now = running;
        if (now == null) {
            return Health.down("not started");
        }
        Backlog backlog = now.backlog;
        Duration age = Duration.ofMillis(backlog.oldestAgeMillis());
        Health health = age.compareTo(now.config.maxAge()) <= 0
                ? Health.up()
                : Health.degraded("the oldest of " + backlog.waiting() + " events waits for " + age.toSeconds() + " s"
                        + now.reason());
        return health.with("waiting", backlog.waiting())
                .with("oldest_age_seconds", age.toSeconds())
                .with("dead_letters", backlog.dead())
                .with("leader", now.leadership.isLeader());
    }

    @Override
    public void collect(Samples out) {
        Running now = running;
        if (now != null) {
            Backlog backlog = now.backlog;
            out.add(OutboxMetrics.WAITING, (double) backlog.waiting(), label);
            out.add(OutboxMetrics.OLDEST_AGE, backlog.oldestAgeMillis() / 1000.0, label);
            out.add(OutboxMetrics.DEAD_LETTERS, (double) backlog.dead(), label);
            out.add(OutboxMetrics.LEADER, now.leadership.isLeader() ? 1 : 0, label);
        }
    }
}
