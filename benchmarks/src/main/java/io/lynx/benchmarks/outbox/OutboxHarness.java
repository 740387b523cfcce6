package io.lynx.benchmarks.outbox;

import io.lynx.app.Application;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Table;
import io.lynx.config.ConfigSources;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.event.Topic;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgePlugin;
import io.lynx.event.bridge.BridgeTransport;
import io.lynx.extension.Registration;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.jdbc.test.PostgresServer;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how many events a second pass through an outbox in a real PostgreSQL of its own: threads publish events in transactions as fast
 * as the database commits them, and the outbox delivers them to a broker that acknowledges at once. What counts is the rate of delivery
 * while both go on, and how much is left in the table at the end.
 */
public final class OutboxHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final Topic<Placed> PLACED =
            Topic.of("business", "order.placed", Placed.class).durable();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private OutboxHarness() {}

    /** A payload of the size of a small record. */
    public record Placed(String order, long customer, String item, int count) {}

    /** Counts what it acknowledges. */
    private record CountingBroker(LongAdder acknowledged) implements Plugin, BridgeTransport {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("broker")
                    .provides(BridgeTransport.CAPABILITY, "1.0.0")
                    .build();
        }

        @Override
        public void start(PluginContext context) {
            Registration _ = context.share(BridgeTransport.key("broker"), this);
        }

        @Override
        public List<UnpublishedMessage> publish(String channel, List<BridgeMessage> messages, Deadline deadline) {
            acknowledged.add(messages.size());
            return List.of();
        }

        @Override
        public Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) {
            return Registration.NONE;
        }
    }

    /** Gives the harness a context. */
    private record Publishing(AtomicReference<PluginContext> started) implements Plugin {
        @Override
        public PluginDescriptor descriptor() {
            return PluginDescriptor.of("harness").requires("outbox").build();
        }

        @Override
        public void start(PluginContext context) {
            started.set(context);
        }
    }

    /** Takes {@code --seconds N --threads N --batch N --warmup N}; {@code batch} is the number of events of a transaction. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "seconds", "threads", "batch", "warmup");
        try (PostgresServer server = PostgresServer.create()) {
            server.start();
            measure(options, server);
        }
    }

    private static void measure(Options options, PostgresServer server) throws Exception {
        AtomicReference<PluginContext> started = new AtomicReference<>();
        LongAdder acknowledged = new LongAdder();
        Application application = Application.builder()
                .configuration(ConfigSources.none())
                .discoverPlugins(false)
                .set("lynx.application.name", "outbox-harness")
                .set("lynx.application.version", "1")
                .set("lynx.jdbc.url", server.url())
                .set("lynx.jdbc.user", PostgresServer.USER)
                .set("lynx.jdbc.password", PostgresServer.PASSWORD)
                .set("lynx.jdbc.pool_size", "16")
                .set("lynx.outbox.bridge", "orders")
                .set("lynx.events.bridges.orders.transport", "broker")
                .set("lynx.events.bridges.orders.forward", "business/order.placed")
                .plugin(new JdbcPlugin())
                .plugin(new OutboxPlugin())
                .plugin(new BridgePlugin("orders"))
                .plugin(new CountingBroker(acknowledged))
                .plugin(new Publishing(started))
                .build();
        application.start();
        try {
            run(options, started.get(), acknowledged);
        } finally {
            application.close();
        }
    }

    private static void run(Options options, PluginContext context, LongAdder acknowledged) throws Exception {
        int threads = options.number("threads", 8);
        int batch = options.number("batch", 1);
        long _ = publish(context, threads, batch, Duration.ofSeconds(options.number("warmup", 3)));
        awaitAll(acknowledged, acknowledged.sum());
        long before = acknowledged.sum();
        long began = TICKER.nanos();

        long published = publish(context, threads, batch, Duration.ofSeconds(options.number("seconds", 10)));
        double seconds = (TICKER.nanos() - began) / 1e9;
        long delivered = acknowledged.sum() - before;
        awaitAll(acknowledged, before + published);
        double drained = (TICKER.nanos() - began) / 1e9 - seconds;

        Table table = new Table(
                "Outbox in PostgreSQL, " + threads + " threads, " + batch + " events in a transaction",
                "figure",
                "value");
        table.row("published a second", String.format(Locale.ROOT, "%.0f", published / seconds));
        table.row("delivered a second meanwhile", String.format(Locale.ROOT, "%.0f", delivered / seconds));
        table.row("left at the end", Long.toString(published - delivered));
        table.row("seconds until all were delivered", String.format(Locale.ROOT, "%.2f", drained));
        table.print();
    }

    private static void awaitAll(LongAdder acknowledged, long count) {
        long end = TICKER.nanos() + PATIENCE.toNanos();
        while (acknowledged.sum() < count) {
            if (TICKER.nanos() - end > 0) {
                throw new IllegalStateException(
                        "outbox: " + (count - acknowledged.sum()) + " events were not delivered");
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static long publish(PluginContext context, int threads, int batch, Duration duration) throws Exception {
        Transactions transactions = context.resource(JdbcPlugin.transactions());
        long end = TICKER.nanos() + duration.toNanos();
        LongAdder published = new LongAdder();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                running.add(executor.submit(() -> {
                    for (long i = 0; TICKER.nanos() - end < 0; i++) {
                        String order = number + "-" + i;
                        boolean _ = transactions.in(_ -> write(context.events(), order, batch));
                        published.add(batch);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                Object _ = each.get();
            }
        }
        return published.sum();
    }

    private static boolean write(EventBuses events, String order, int batch) {
        boolean all = true;
        for (int i = 0; i < batch; i++) {
            Placed placed = new Placed(order, 4711, "a lamp of brass, for reading late at night", i);
            all &= events.publish(PLACED, placed, EventHeaders.NONE.withKey(order + "-" + i))
                    .isAccepted();
        }
        return all;
    }
}
