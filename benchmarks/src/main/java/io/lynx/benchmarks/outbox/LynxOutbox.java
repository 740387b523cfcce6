package io.lynx.benchmarks.outbox;

import io.lynx.app.Application;
import io.lynx.config.ConfigSources;
import io.lynx.event.Event.EventHeaders;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** The outbox of lynx-jdbc, in front of a broker that acknowledges at once. */
final class LynxOutbox implements OutboxVariant {
    private static final Topic<Placed> PLACED =
            Topic.of("business", "order.placed", Placed.class).durable();

    private final LongAdder acknowledged = new LongAdder();
    private final Application application;
    private final PluginContext context;
    private final Transactions transactions;

    LynxOutbox(PostgresServer server, int connections) {
        AtomicReference<PluginContext> started = new AtomicReference<>();
        application = Application.builder()
                .configuration(ConfigSources.none())
                .discoverPlugins(false)
                .set("lynx.application.name", "outbox-harness")
                .set("lynx.application.version", "1")
                .set("lynx.jdbc.url", server.url())
                .set("lynx.jdbc.user", PostgresServer.USER)
                .set("lynx.jdbc.password", PostgresServer.PASSWORD)
                .set("lynx.jdbc.pool_size", Integer.toString(connections))
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
        context = started.get();
        transactions = context.resource(JdbcPlugin.transactions());
    }

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

    @Override
    public void publish(String order, int count) throws Exception {
        boolean accepted = transactions.in(_ -> {
            boolean all = true;
            for (int i = 0; i < count; i++) {
                EventHeaders headers = EventHeaders.NONE.withKey(order + "-" + i);
                all &= context.events()
                        .publish(PLACED, Placed.of(order), headers)
                        .isAccepted();
            }
            return all;
        });
        if (!accepted) {
            throw new IllegalStateException("outbox: events were refused");
        }
    }

    @Override
    public long delivered() {
        return acknowledged.sum();
    }

    @Override
    public void close() {
        application.close();
    }
}
