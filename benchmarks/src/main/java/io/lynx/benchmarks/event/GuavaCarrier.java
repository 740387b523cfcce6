package io.lynx.benchmarks.event;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.EventBus;
import com.google.common.eventbus.Subscribe;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** Guava's bus: {@code direct} calls the subscriber on the publisher's thread, {@code async} by way of one thread. */
@SuppressWarnings("UnstableApiUsage")
final class GuavaCarrier implements Carrier {
    private final EventBus bus;
    private final ExecutorService executor;

    /** The subscriber that Guava calls; it must be public. */
    public static final class Subscriber {
        private final Consumer<Parcel> consumer;

        Subscriber(Consumer<Parcel> consumer) {
            this.consumer = consumer;
        }

        /** Takes a parcel. */
        @Subscribe
        public void take(Parcel parcel) {
            consumer.accept(parcel);
        }
    }

    private GuavaCarrier(EventBus bus, ExecutorService executor, Consumer<Parcel> consumer) {
        this.bus = bus;
        this.executor = executor;
        bus.register(new Subscriber(consumer));
    }

    static GuavaCarrier direct(Consumer<Parcel> consumer) {
        return new GuavaCarrier(new EventBus(), Executors.newSingleThreadExecutor(), consumer);
    }

    static GuavaCarrier async(Consumer<Parcel> consumer) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        return new GuavaCarrier(new AsyncEventBus(executor), executor, consumer);
    }

    @Override
    public void publish(Parcel parcel) {
        bus.post(parcel);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
