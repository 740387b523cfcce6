package io.lynx.examples.orders;

import io.lynx.jdbc.FencedWrites;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.job.JobContext;
import io.lynx.job.Schedule;
import io.lynx.leadership.FencingToken;
import io.lynx.leadership.Leadership;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Deletes old confirmed orders, if the configuration enables that. Of all instances, only the leader of {@link #LEADERSHIP} does it. */
final class PruningPlugin implements Plugin {
    static final String LEADERSHIP = "orders-pruning";
    private static final int BATCH = 1000;

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("orders.pruning")
                .requires(OrderRepository.PLUGIN)
                .config("orders.pruning", PruningConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        PruningConfig config = context.config(PruningConfig.class);
        if (!config.enabled()) {
            return;
        }
        FencedWrites writes = context.resource(JdbcPlugin.fencedWrites(OrderRepository.DATABASE));
        Leadership leadership = context.leadership(LEADERSHIP, OrderRepository.PLUGIN);
        var _ = context.schedule("orders.prune", Schedule.every(config.interval()), job -> {
            Optional<FencingToken> token = leadership.token();
            if (token.isPresent()) { // Another instance is the leader otherwise.
                prune(writes, token.get(), context.clock().instant().minus(config.age()), job);
            }
        });
    }

    /** Deletes batches in transactions of their own. The database refuses them if there is a later leader. */
    private static void prune(FencedWrites writes, FencingToken token, Instant before, JobContext job)
            throws SQLException {
        int deleted = BATCH;
        while (deleted == BATCH && !job.isCancelled()) {
            deleted = writes.in(token, connection -> OrderRepository.deleteConfirmed(connection, before, BATCH));
        }
    }
}
