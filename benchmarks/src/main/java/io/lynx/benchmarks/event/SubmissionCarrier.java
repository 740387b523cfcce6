package io.lynx.benchmarks.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Consumer;

/** The JDK's {@link SubmissionPublisher} with a buffer of 1024 and one thread. */
final class SubmissionCarrier implements Carrier {
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final SubmissionPublisher<Parcel> publisher = new SubmissionPublisher<>(executor, 1024);

    SubmissionCarrier(Consumer<Parcel> consumer) {
        publisher.consume(consumer);
    }

    @Override
    public void publish(Parcel parcel) {
        publisher.submit(parcel);
    }

    @Override
    public void close() {
        publisher.close();
        executor.shutdown();
    }
}
