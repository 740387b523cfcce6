package io.lynx.benchmarks.event;

import io.lynx.event.Event;
import io.lynx.event.Events;
import io.lynx.event.Events.EventObserver;
import io.lynx.event.EventsBuilder;
import io.lynx.event.Overflow;
import io.lynx.event.Topic;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The bus of this project with its default queue; publishers wait for space without a limit. The observed one measures the
 * latency of each event, as an application does.
 */
final class LynxCarrier implements Carrier {
    private static final Topic<Parcel> PARCELS = Topic.of("business", "parcel", Parcel.class);

    private final LongAdder latencies = new LongAdder();
    private final Events events;

    LynxCarrier(Consumer<Parcel> consumer, boolean observed) {
        EventsBuilder builder = Events.builder();
        if (observed) {
            builder = builder.observer(new EventObserver() {
                @Override
                public void processed(Event<?> event, String subscription, long latencyNanos) {
                    latencies.add(latencyNanos);
                }
            });
        }
        events = builder.build();
        events.subscribe(
                PARCELS, consumer::accept, o -> o.queue(1024).overflow(Overflow.BLOCK.upTo(Duration.ofMinutes(1))));
    }

    @Override
    public void publish(Parcel parcel) {
        if (!events.publish(PARCELS, parcel).isAccepted()) {
            throw new IllegalStateException("dropped");
        }
    }

    @Override
    public void close() {
        events.close();
    }
}
