package io.lynx.examples.orders;

import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.ResourceKey;
import io.lynx.time.Deadline;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Confirms orders in the background; who places one tells it by {@link #QUEUE}. */
final class WorkerPlugin implements Plugin {
    static final String ID = "orders.worker";
    static final ResourceKey<OrderQueue> QUEUE = ResourceKey.of(ID, OrderQueue.class);
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPlugin.class);
    /** Left of the deadline for giving up in good order. */
    private static final Duration RESERVE = Duration.ofMillis(250);

    private volatile @Nullable Running running;

    private record Running(Worker worker, Thread thread) {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .requires(DatabasePlugin.ID)
                .requires(CachePlugin.ID)
                .config("orders.worker", WorkerConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        Worker worker = new Worker(
                context.resource(DatabasePlugin.ORDERS),
                context.resource(CachePlugin.CACHE),
                Pause.on(context.scheduler()),
                context.config(WorkerConfig.class));
        Thread thread = context.threads().newThread(worker);
        running = new Running(worker, thread);
        thread.start();
        context.share(QUEUE, worker);
    }

    /** Confirms what still waits. What does not get done in time stays in the database, to be found at the next start. */
    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        Running running = this.running;
        if (running == null) {
            return;
        }
        running.worker().drain();
        if (!running.thread().join(deadline.minus(RESERVE).remaining())) {
            running.thread().interrupt();
            LOG.atWarn()
                    .addKeyValue("orders", running.worker().waiting())
                    .log("orders are left unconfirmed; the next start will find them");
            running.thread().join(deadline.remaining());
        }
        this.running = null;
    }

    @Override
    public Health health() {
        Running running = this.running;
        if (running == null) {
            return Health.down("not started");
        }
        Worker worker = running.worker();
        return Health.up()
                .with("waiting", worker.waiting())
                .with("confirmed", worker.confirmed())
                .with("overflowed", worker.overflowed());
    }
}
