package io.lynx.benchmarks.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;

/**
 * The JDK's {@link SubmissionPublisher} with a buffer of 1024 and one thread. The {@code stamped} one does what a bus with
 * timestamps does for each event: it allocates an envelope and reads the clock.
 */
final class SubmissionCarrier implements Carrier {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final SubmissionPublisher<Object> publisher = new SubmissionPublisher<>(executor, 1024);
    private final boolean stamped;

    private record Envelope(Parcel parcel, long nanos, Object channel, Object headers) {}

    SubmissionCarrier(Consumer<Parcel> consumer, boolean stamped) {
        this.stamped = stamped;
        var _ = publisher.consume(element -> {
            if (element instanceof Envelope envelope) {
                consumer.accept(envelope.parcel);
            } else if (element instanceof Parcel parcel) {
                consumer.accept(parcel);
            }
        });
    }

    @Override
    public void publish(Parcel parcel) {
        int _ = publisher.submit(stamped ? new Envelope(parcel, System.nanoTime(), this, publisher) : parcel);
    }

    @Override
    public void close() {
        publisher.close();
        executor.shutdown();
    }
}
