package io.lynx.benchmarks.event;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures events from end to end, with one or two producers and one subscriber: each invocation publishes a batch and waits until
 * the subscriber has received all of it. Batches are sampled, so that on a busy machine the low percentiles still show what an
 * undisturbed batch takes.
 *
 * <p>The heap is fixed and touched before: while it grows, the page faults of fresh memory cost a carrier that allocates several
 * times as much as its work, which says nothing about a service that has run for a minute.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"--sun-misc-unsafe-memory-access=allow", "-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch"})
public class HandOffBenchmark {
    private static final int BATCH = 20_000;
    private static final int APART = 32;
    private static final int SPINS = 1000;

    /** The bus or queue; see {@link Carrier#of}. */
    @Param({
        "lynx",
        "submission",
        "lynxObserved",
        "submissionStamped",
        "vertx",
        "guava",
        "guavaAsync",
        "disruptor",
        "jctools",
        "jctoolsFresh"
    })
    public String carrier = "";

    private final AtomicInteger producers = new AtomicInteger();
    private final AtomicLongArray received = new AtomicLongArray(4 * APART);
    private Carrier bus = new NoCarrier();

    /** One producer. */
    @State(Scope.Thread)
    public static class Producer {
        private Carrier.Parcel parcel = new Carrier.Parcel(0);
        private long sent;

        /** Numbers the producers. */
        @Setup
        public void number(HandOffBenchmark benchmark) {
            parcel = new Carrier.Parcel(1 + benchmark.producers.getAndIncrement() % 2);
            sent = benchmark.received.get(parcel.producer() * APART);
        }
    }

    private static final class NoCarrier implements Carrier {
        @Override
        public void publish(Parcel parcel) {}

        @Override
        public void close() {}
    }

    /** Opens the bus. */
    @Setup
    public void open() throws Exception {
        bus = Carrier.of(carrier, parcel -> {
            int at = parcel.producer() * APART;
            // Guava's direct bus calls this on the producers' threads, but each on the cell of its own.
            received.setRelease(at, received.getPlain(at) + 1);
        });
    }

    /** Closes it. */
    @TearDown
    public void close() throws Exception {
        bus.close();
    }

    /** One producer, one subscriber. */
    @Benchmark
    @Threads(1)
    @OperationsPerInvocation(BATCH)
    public long oneProducer(Producer producer) {
        return send(producer);
    }

    /** Two producers, one subscriber. */
    @Benchmark
    @Threads(2)
    @OperationsPerInvocation(BATCH)
    public long twoProducers(Producer producer) {
        return send(producer);
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private long send(Producer producer) {
        Carrier.Parcel parcel = producer.parcel;
        for (int i = 0; i < BATCH; i++) {
            bus.publish(parcel);
        }
        producer.sent += BATCH;
        for (int spins = 0; received.getAcquire(parcel.producer() * APART) < producer.sent; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                // The subscriber may be waiting for this very core.
                Thread.yield();
            }
        }
        return producer.sent;
    }
}
