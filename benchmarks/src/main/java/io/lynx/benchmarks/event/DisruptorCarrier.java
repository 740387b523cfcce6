package io.lynx.benchmarks.event;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import com.lmax.disruptor.util.DaemonThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The LMAX Disruptor with 1024 slots, several producers and a consumer that parks when idle, as that of a bus does. */
final class DisruptorCarrier implements Carrier {
    private final Disruptor<Slot> disruptor = new Disruptor<>(
            Slot::new, 1024, DaemonThreadFactory.INSTANCE, ProducerType.MULTI, new BlockingWaitStrategy());
    private final RingBuffer<Slot> ring = disruptor.getRingBuffer();

    private static final class Slot {
        private @Nullable Parcel parcel;
    }

    DisruptorCarrier(Consumer<Parcel> consumer) {
        disruptor.handleEventsWith((slot, sequence, endOfBatch) -> {
            Parcel parcel = slot.parcel;
            if (parcel != null) {
                consumer.accept(parcel);
            }
        });
        disruptor.start();
    }

    @Override
    public void publish(Parcel parcel) {
        long sequence = ring.next();
        ring.get(sequence).parcel = parcel;
        ring.publish(sequence);
    }

    @Override
    public void close() {
        disruptor.halt();
    }
}
