package io.lynx.examples.orders;

import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.Overflow;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription;
import io.lynx.health.Health;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Confirms orders in the background when it receives {@link OrderEvents#PLACED}. */
final class WorkerPlugin implements Plugin {
    static final String ID = "orders.worker";
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPlugin.class);
    /** The part of the deadline that is reserved for an orderly end. */
    private static final Duration RESERVE = Duration.ofMillis(250);

    private volatile @Nullable Running running;

    private record Running(Worker worker, Subscription subscription, Thread sweeps) {}

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(ID)
                .requires(OrderRepository.PLUGIN)
                .config("orders.worker", WorkerConfig.class)
                .build();
    }

    /** Subscribes with a queue that drops events when it is full: a sweep finds their orders in the database. */
    @Override
    public void start(PluginContext context) {
        WorkerConfig config = context.config(WorkerConfig.class);
        Worker worker = new Worker(OrderRepository.of(context), context.events(), Pause.on(context.scheduler()));
        Subscription subscription = context.own(context.events().subscribe(OrderEvents.PLACED, worker, o -> o.name(ID)
                .queue(config.queueCapacity(), 0)
                .overflow(Overflow.DROP_NEWEST)
                .ordered()));
        Thread sweeps = context.threads().newThread(() -> worker.sweepEvery(config.sweepInterval()));
        running = new Running(worker, subscription, sweeps);
        sweeps.start();
    }

    /**
     * Confirms the waiting orders. Those that are not confirmed in time stay in the database and are found at the next
     * start.
     */
    @Override
    public void stop(Deadline deadline) throws InterruptedException {
        Running running = this.running;
        if (running == null) {
            return;
        }
        running.worker().drain();
        int left = running.subscription().close(deadline.minus(RESERVE)).count();
        if (left > 0) {
            LOG.atWarn().addKeyValue("orders", left).log("Orders are left unconfirmed; the next start will find them");
        }
        boolean _ = running.sweeps().join(deadline.remaining());
        this.running = null;
    }

    @Override
    public Health health() {
        Running running = this.running;
        if (running == null) {
            return Health.down("not started");
        }
        SubscriptionSnapshot account = running.subscription().snapshot();
        return Health.up()
                .with("waiting", account.queued() + account.inHand())
                .with("confirmed", running.worker().confirmed())
                .with("overflowed", overflowed(account.dropped()));
    }

    private static long overflowed(Map<DropReason, Long> dropped) {
        return dropped.getOrDefault(DropReason.NO_ROOM, 0L);
    }
}
