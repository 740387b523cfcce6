package io.lynx.examples.orders;

import io.lynx.jdbc.JdbcPlugin;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/** Hands the database of a started service to its test. */
record Borrower(AtomicReference<DataSource> database) implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("borrower").requires(OrderRepository.PLUGIN).build();
    }

    @Override
    public void start(PluginContext context) {
        database.set(context.resource(JdbcPlugin.key(OrderRepository.DATABASE)));
    }
}
