package io.lynx.benchmarks.event;

import io.lynx.event.Events;
import io.lynx.event.Overflow;
import io.lynx.event.Topic;
import java.time.Duration;
import java.util.function.Consumer;

/** The bus of this project with its default queue; publishers wait for room, as long as it takes. */
final class LynxCarrier implements Carrier {
    private static final Topic<Parcel> PARCELS = Topic.of("business", "parcel", Parcel.class);

    private final Events events = Events.builder().build();

    LynxCarrier(Consumer<Parcel> consumer) {
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
