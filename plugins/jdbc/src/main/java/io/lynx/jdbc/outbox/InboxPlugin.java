package io.lynx.jdbc.outbox;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.Transactions;
import io.lynx.job.Schedule;
import io.lynx.metrics.MetricRegistry;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.SQLException;
import java.time.Duration;

/**
 * An inbox: {@code inbox}, configured by {@code lynx.inbox}, in the database of the plugin {@code jdbc}, or {@code inbox.<name>} in that
 * of {@code jdbc.<name>}. It shares an {@link EventInbox} under {@link #key}, and deletes old ids. Thread-safe.
 */
public final class InboxPlugin implements Plugin {
    private static final Duration CREATED = Duration.ofSeconds(10);
    private static final Duration CLEANED = Duration.ofMinutes(1);

    private final String name;

    /** Creates the inbox of the database without a name, which is not started. */
    public InboxPlugin() {
        this("");
    }

    /** Creates the inbox of the database of that name, which is not started. */
    public InboxPlugin(String name) {
        this.name = name;
    }

    /** Returns the id of the inbox of the database of that name. */
    public static String id(String name) {
        return name.isEmpty() ? "inbox" : "inbox." + name;
    }

    /** Returns the key of the inbox of the database without a name. */
    public static ResourceKey<EventInbox> key() {
        return key("");
    }

    /** Returns the key of the inbox of the database of that name. */
    public static ResourceKey<EventInbox> key(String name) {
        return ResourceKey.of(id(name), EventInbox.class);
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id(name))
                .weight(90)
                .requires(name.isEmpty() ? "jdbc" : "jdbc." + name)
                .config("lynx." + id(name), InboxConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) throws SQLException {
        InboxConfig config = context.config(InboxConfig.class);
        Transactions transactions = context.resource(JdbcPlugin.transactions(name));
        TableSetup setup = new TableSetup(dialect -> dialect.createInbox(config.table()));
        if (config.createTable()) {
            setup.tryNow(transactions);
        } else {
            setup.skip();
        }
        MetricRegistry registry = context.metrics().registry();
        String label = name.isEmpty() ? "default" : name;
        EventInbox inbox = new EventInbox(
                config.table(),
                "",
                context.clock(),
                failure -> setup.repair(failure, transactions, context.threads()),
                new EventInbox.Counts(
                        registry.counter(OutboxMetrics.INBOX, label, "first"),
                        registry.counter(OutboxMetrics.INBOX, label, "duplicate")));
        Registration _ = context.share(key(name), inbox);
        Registration _ = context.schedule(id(name) + ".table", Schedule.every(CREATED), _ -> setup.run(transactions));
        Registration _ = context.schedule(id(name) + ".clean", Schedule.every(CLEANED), _ -> {
            int _ = transactions.in(connection -> inbox.clean(connection, config.retention()));
        });
    }
}
