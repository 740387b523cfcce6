package io.lynx.benchmarks.event;

import com.google.common.eventbus.EventBus;
import io.lynx.event.Events;
import io.lynx.event.PublishResult;
import io.lynx.event.Topic;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures publishing to a topic without subscribers: the cost of having events in the code. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class NobodyListensBenchmark {
    private static final Topic<String> TOPIC = Topic.of("business", "unheard", String.class);

    private final Events events = Events.builder().build();
    private final EventBus guava = new EventBus();
    private final Vertx vertx = Vertx.vertx();
    private final String payload = "payload";

    /** Closes the buses. */
    @TearDown
    public void close() throws Exception {
        events.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** This project. */
    @Benchmark
    public PublishResult lynx() {
        return events.publish(TOPIC, payload);
    }

    /** Guava. */
    @Benchmark
    public void guava() {
        guava.post(payload);
    }

    /** Vert.x. */
    @Benchmark
    public void vertx() {
        vertx.eventBus().publish("unheard", payload);
    }
}
