package io.lynx.benchmarks.event;

import java.util.function.Consumer;
import org.jctools.queues.MpscArrayQueue;

/**
 * A bare queue of JCTools with 1024 places between threads that spin: no bus, no account, no sleep. The {@code fresh}
 * one passes a new envelope with each parcel, as a bus does.
 */
final class JctoolsCarrier implements Carrier {
    private final MpscArrayQueue<Object> queue = new MpscArrayQueue<>(1024);
    private final boolean fresh;
    private final Thread thread;
    private volatile boolean closed;

    private record Envelope(Parcel parcel, long number, long time, Object one, Object two) {}

    JctoolsCarrier(Consumer<Parcel> consumer, boolean fresh) {
        this.fresh = fresh;
        this.thread = Thread.ofPlatform().daemon().start(() -> consume(consumer));
    }

    private void consume(Consumer<Parcel> consumer) {
        while (!closed) {
            Object next = queue.poll();
            if (next instanceof Envelope envelope) {
                consumer.accept(envelope.parcel);
            } else if (next instanceof Parcel parcel) {
                consumer.accept(parcel);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void publish(Parcel parcel) {
        Object element = fresh ? new Envelope(parcel, 1, 2, this, this) : parcel;
        while (!queue.offer(element)) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
