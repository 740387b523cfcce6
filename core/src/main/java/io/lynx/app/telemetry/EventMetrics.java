package io.lynx.app.telemetry;

import io.lynx.event.Event;
import io.lynx.event.Events;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.EventsSnapshot;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Histogram;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures how long events take, and reports their outcomes. Measuring an event of a known type takes two look-ups and
 * allocates nothing. Thread-safe.
 */
final class EventMetrics implements EventObserver {
    /** The label of event types beyond the bound. */
    private static final String OTHER = "other";

    private static final String DEAD_LETTERED = "dead_lettered";
    private static final List<DropReason> USUAL = List.of(DropReason.NO_ROOM, DropReason.TIMED_OUT);

    private final MetricRegistry registry;
    private final Map<String, Map<String, Histogram>> latencies = new ConcurrentHashMap<>();

    EventMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void processed(Event<?> event, String subscription, long latencyNanos) {
        latency(event.bus(), event.type()).record(latencyNanos);
    }

    private Histogram latency(String bus, String type) {
        Map<String, Histogram> ofBus = latencies.get(bus);
        if (ofBus == null) {
            ofBus = latencies.computeIfAbsent(bus, _ -> new ConcurrentHashMap<>());
        }
        Histogram known = ofBus.get(type);
        return known != null
                ? known
                : ofBus.computeIfAbsent(type, _ -> registry.histogram(Catalogue.EVENT_LATENCY, type, label(bus)));
    }

    private static String label(String bus) {
        return bus + "-bus";
    }

    /** Reports these buses. */
    MetricSource over(Events events) {
        return out -> {
            EventsSnapshot snapshot = events.snapshot();
            long refused = snapshot.refused();
            for (BusSnapshot bus : snapshot.buses()) {
                tell(out, bus);
                refused -= bus.refused();
            }
            // These drops belong to a bus beyond the bound.
            if (refused > 0) {
                drop(out, OTHER, label(OTHER), DropReason.TOO_MANY_TOPICS, refused);
            }
        };
    }

    private void tell(Samples out, BusSnapshot bus) {
        String label = label(bus.name());
        for (SubscriptionSnapshot subscription : bus.subscriptions()) {
            out.add(Catalogue.EVENT_QUEUE_DEPTH, (double) subscription.queued(), label, subscription.name());
            out.add(Catalogue.EVENT_QUEUE_CAPACITY, (double) subscription.capacity(), label, subscription.name());
        }
        for (TopicSnapshot topic : bus.topics()) {
            String type = topic.type();
            Histogram _ = latency(bus.name(), type);
            out.add(Catalogue.EVENTS_PUBLISHED, (double) topic.published(), type, label);
            out.add(Catalogue.EVENTS_PROCESSED, (double) topic.processed(), type, label);
            out.add(Catalogue.EVENTS_DROPPED, (double) topic.deadLettered(), type, label, DEAD_LETTERED);
            USUAL.forEach(reason -> drop(out, type, label, reason, 0));
            topic.dropped().forEach((reason, count) -> drop(out, type, label, reason, count));
        }
        if (bus.refused() > 0) {
            drop(out, OTHER, label, DropReason.TOO_MANY_TOPICS, bus.refused());
        }
    }

    private static void drop(Samples out, String type, String bus, DropReason reason, long count) {
        out.add(Catalogue.EVENTS_DROPPED, (double) count, type, bus, reason.label());
    }
}
