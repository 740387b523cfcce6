package io.lynx.event;

import io.lynx.extension.watch.PeriodicTask;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Names event handlers that do not return. It periodically reads state that the workers keep for other purposes, so it costs an
 * event nothing. The duration of an attempt counts from the first inspection that finds it.
 */
final class HandlerWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    /** A handler may block, so this is long. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int FRAMES = 12;

    private final Collection<Bus> buses;
    private final Ticker ticker;
    private final PeriodicTask inspections;
    /** The attempts that the last inspection found; there is one inspection at a time. */
    private Map<DeliveryWorker, Attempt> known = new HashMap<>();

    /** One attempt of a worker to handle an event; {@code pauses} tells it from another attempt of the same event. */
    private record Attempt(Event<?> event, int pauses, long since, boolean isNamed) {
        boolean isSameAs(Attempt other) {
            return event.equals(other.event) && pauses == other.pauses;
        }

        boolean isPause() {
            return pauses % 2 != 0;
        }
    }

    /**
     * Creates a watch.
     *
     * @param buses a live view
     */
    HandlerWatch(Collection<Bus> buses, Scheduler scheduler, Ticker ticker) {
        this.buses = buses;
        this.ticker = ticker;
        this.inspections = new PeriodicTask("watch of event handlers", scheduler, this::inspect);
    }

    /** Begins; has no effect if it has begun. */
    void start() {
        inspections.start(INTERVAL);
    }

    void stop() {
        inspections.stop();
    }

    private void inspect() {
        long now = ticker.nanos();
        Map<DeliveryWorker, Attempt> seen = new HashMap<>();
        for (Bus bus : buses) {
            for (QueuedSubscription subscription : bus.subscriptions()) {
                for (DeliveryWorker worker : subscription.workers()) {
                    inspect(subscription, worker, now, seen);
                }
            }
        }
        known = seen;
    }

    private void inspect(
            QueuedSubscription subscription, DeliveryWorker worker, long now, Map<DeliveryWorker, Attempt> seen) {
        int pauses = worker.pauses();
        Event<?> event = worker.current();
        if (event == null) {
            return;
        }
        Attempt before = known.get(worker);
        Attempt attempt = new Attempt(event, pauses, now, false);
        if (before != null && before.isSameAs(attempt)) {
            attempt = before;
        }
        if (!attempt.isNamed() && !attempt.isPause() && now - attempt.since() >= PATIENCE.toNanos()) {
            name(subscription, worker.thread(), now - attempt.since());
            attempt = new Attempt(event, pauses, attempt.since(), true);
        }
        seen.put(worker, attempt);
    }

    private static void name(QueuedSubscription subscription, Thread thread, long nanos) {
        LoggingEventBuilder line = LOG.atWarn();
        if (!subscription.options.plugin.isEmpty()) {
            line = line.addKeyValue("plugin", subscription.options.plugin);
        }
        line.addKeyValue("bus", subscription.bus.name)
                .addKeyValue("subscriber", subscription.name())
                .addKeyValue("queued", subscription.queue.counts().queued())
                .addKeyValue("thread", thread.getName())
                .addKeyValue(
                        "stack",
                        Arrays.stream(thread.getStackTrace()).limit(FRAMES).toList())
                .log(
                        "Event handler '{}' has not returned for {} s; the events behind this one wait for it",
                        subscription.name(),
                        nanos / 1_000_000_000);
    }
}
