package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When batches are pushed, repeated and dropped. */
class SpanPushTest {
    private static final Duration DELAY = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Delivery DOWN = new Delivery(Delivery.Outcome.UNREACHABLE, "connection refused");
    private static final Delivery BAD = new Delivery(Delivery.Outcome.REFUSED, "status 400");

    private final ManualTime time = new ManualTime();
    private final MetricRegistry registry = ProductionMetrics.builder().build().registry();
    private final FakeDestination destination = new FakeDestination();
    private final SpanQueue queue =
            new SpanQueue(100, registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "queue_full"));
    private final TraceSettings settings = new TraceSettings(
            new OtlpTarget(
                    URI.create("http://collector:4318/v1/traces"),
                    TIMEOUT,
                    Map.of(),
                    OtlpConfig.Compression.GZIP,
                    "spans",
                    null),
            Sampler.alwaysOn(),
            "always_on",
            100,
            10,
            DELAY);
    private final SpanPush push = new SpanPush(queue, destination, settings, time, time, registry);
    private final SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(queue).build();

    /** Answers each push with the next of its answers, and then with success. */
    private static final class FakeDestination implements Destination<EndedSpan> {
        private final List<Integer> sizes = new ArrayList<>();
        private final List<Duration> allowed = new ArrayList<>();
        private final Deque<Delivery> answers = new ArrayDeque<>();
        private Runnable during = () -> {};
        private boolean isBroken;

        @Override
        public Delivery deliver(Collection<EndedSpan> spans, Deadline deadline) {
            sizes.add(spans.size());
            allowed.add(deadline.remaining());
            during.run();
            if (isBroken) {
                throw new NoClassDefFoundError("in a test");
            }
            return answers.isEmpty() ? Delivery.DONE : Objects.requireNonNull(answers.poll());
        }

        @Override
        public void abort() {}
    }

    @AfterEach
    void close() {
        provider.close();
    }

    private void end(int spans) {
        for (int i = 0; i < spans; i++) {
            provider.get("test").spanBuilder("span").startSpan().end();
        }
    }

    private long dropped(String reason) {
        return registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, reason).count();
    }

    private long pushed() {
        return registry.counter(OpenTelemetryPlugin.SPANS_PUSHED).count();
    }

    @Test
    void hasNoTimerWhileNothingWaits() {
        assertThat(time.pending()).isZero();
        end(1);
        assertThat(time.pending()).isEqualTo(1);

        time.advance(DELAY);

        assertThat(destination.sizes).containsExactly(1);
        assertThat(destination.allowed).containsExactly(TIMEOUT);
        assertThat(time.pending()).isZero();
        assertThat(pushed()).isEqualTo(1);
    }

    @Test
    void pushesAWholeBatchAtOnce() {
        end(10);
        time.advance(Duration.ofMillis(1));
        assertThat(destination.sizes).containsExactly(10);

        end(3);
        time.advance(Duration.ofMillis(1));
        assertThat(destination.sizes).hasSize(1);
        time.advance(DELAY);
        assertThat(destination.sizes).containsExactly(10, 3);
        assertThat(time.pending()).isZero();
    }

    @Test
    void pushesEverythingThatWaits() {
        end(35);
        time.advance(DELAY);

        assertThat(destination.sizes).containsExactly(10, 10, 10, 5);
        assertThat(pushed()).isEqualTo(35);
    }

    @Test
    void pushesWholeBatchesUnderLoad() {
        destination.during = () -> end(destination.sizes.size() < 3 ? 12 : 4);
        end(10);
        time.advance(Duration.ofMillis(1));

        // Ten, twelve and twelve have ended; the rest of four waits for more of them, or for the delay.
        assertThat(destination.sizes).containsExactly(10, 10, 10);
        assertThat(queue.size()).isEqualTo(8);
        destination.during = () -> {};
        time.advance(DELAY);
        assertThat(destination.sizes).containsExactly(10, 10, 10, 8);
        assertThat(time.pending()).isZero();
    }

    @Test
    void repeatsABatchAndGivesItUpAfterFiveAttempts() {
        for (int i = 0; i < 5; i++) {
            destination.answers.add(DOWN);
        }
        end(2);

        time.advance(DELAY);
        assertThat(destination.sizes).hasSize(1);
        time.advance(Duration.ofMillis(999));
        assertThat(destination.sizes).hasSize(1);
        time.advance(Duration.ofMillis(1));
        assertThat(destination.sizes).hasSize(2);
        time.advance(Duration.ofSeconds(2 + 4 + 8));

        assertThat(destination.sizes).containsExactly(2, 2, 2, 2, 2);
        assertThat(dropped("push_failed")).isEqualTo(2);
        assertThat(time.pending()).isZero();
        end(1);
        time.advance(DELAY);
        assertThat(pushed()).isEqualTo(1);
    }

    @Test
    void waitsAsLongAsTheCollectorSays() {
        destination.answers.add(new Delivery(Delivery.Outcome.REFUSED, "status 429", Duration.ofSeconds(30), true, 0));
        end(1);
        time.advance(DELAY);
        end(50);

        time.advance(Duration.ofSeconds(29));
        assertThat(destination.sizes).hasSize(1);
        time.advance(Duration.ofSeconds(1));

        assertThat(destination.sizes).containsExactly(1, 1, 10, 10, 10, 10, 10);
        assertThat(pushed()).isEqualTo(51);
    }

    @Test
    void dropsWhatACollectorRefuses() {
        destination.answers.add(BAD);
        destination.answers.add(Delivery.partial("3 spans rejected", 3));
        end(20);
        time.advance(DELAY);

        assertThat(destination.sizes).containsExactly(10, 10);
        assertThat(dropped("refused")).isEqualTo(13);
        assertThat(pushed()).isEqualTo(7);
    }

    @Test
    void dropsWhatTheQueueCannotHold() {
        destination.answers.add(new Delivery(Delivery.Outcome.REFUSED, "status 503", Duration.ofMinutes(1), true, 0));
        end(10);
        time.advance(DELAY);

        end(150);

        assertThat(queue.size()).isEqualTo(100);
        assertThat(dropped("queue_full")).isEqualTo(50);
        time.advance(Duration.ofMinutes(1));
        assertThat(pushed()).isEqualTo(110);
        assertThat(queue.size()).isZero();
    }

    @Test
    void goesOnAfterAFaultOfItsOwn() {
        destination.isBroken = true;
        end(1);
        time.advance(DELAY);
        time.advance(Duration.ofMinutes(1));

        assertThat(destination.sizes).hasSize(5);
        assertThat(dropped("push_failed")).isEqualTo(1);
        destination.isBroken = false;
        end(1);
        time.advance(DELAY);
        assertThat(pushed()).isEqualTo(1);
    }

    @Test
    void pushesWhatIsLeftAtTheEndWithinTheDeadline() throws Exception {
        end(25);

        push.finish(Deadline.after(Duration.ofSeconds(5), time));

        assertThat(destination.sizes).containsExactly(10, 10, 5);
        assertThat(destination.allowed).allMatch(allowed -> allowed.compareTo(Duration.ofSeconds(5)) < 0);
        assertThat(pushed()).isEqualTo(25);
        assertThat(time.pending()).isZero();
        end(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void countsWhatIsLostAtTheEnd() throws Exception {
        destination.answers.add(DOWN);
        end(25);

        push.finish(Deadline.after(Duration.ofSeconds(5), time));

        assertThat(destination.sizes).hasSize(1);
        assertThat(dropped("shutdown")).isEqualTo(25);
        assertThat(pushed()).isZero();
    }
}
