package io.lynx.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.resilience.FailureDetector.CallCounts;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureDetectorTest {
    private static final WindowConfig.Limits NEVER_REACHED = WindowConfig.Limits.of(1_000_000_000, 1);

    private final ManualTime time = new ManualTime();

    private TimeWindow timeWindow(Duration size, WindowConfig.Limits limits) {
        return new TimeWindow(new WindowConfig.Time(size, limits), true, time);
    }

    private static void record(FailureDetector detector, int calls, boolean failed) {
        for (int i = 0; i < calls; i++) {
            detector.record(failed, 0);
        }
    }

    @Test
    void trippedDetectorsRecordNoMore() {
        FailureDetector detector = new ConsecutiveFailures(2);

        assertThat(detector.record(true, 0)).isFalse();
        assertThat(detector.record(true, 0)).isTrue();
        assertThat(detector.record(false, 0)).isTrue();

        assertThat(detector.counts()).isEqualTo(new CallCounts(2, 2, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 100, 10_000})
    void countWindowHoldsTheLastResults(int size) {
        CountWindow window = new CountWindow(new WindowConfig.Count(size, WindowConfig.Limits.of(1, 1)), false, time);

        record(window, size, true);
        assertThat(window.counts()).isEqualTo(new CallCounts(size, size, 0));
        record(window, size - 1, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(size, 1, 0));
        record(window, 1, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(size, 0, 0));
    }

    @Test
    void countWindowSurvivesItsLapsWrappingAround() {
        int size = 3;
        CountWindow window =
                new CountWindow(new WindowConfig.Count(size, WindowConfig.Limits.of(1, 1)), false, time, 2);

        for (int lap = 0; lap < 20; lap++) {
            record(window, size, true);
            assertThat(window.counts()).isEqualTo(new CallCounts(size, size, 0));
            record(window, size - 1, false);
            assertThat(window.counts()).isEqualTo(new CallCounts(size, 1, 0));
            record(window, 1, false);
            assertThat(window.counts()).isEqualTo(new CallCounts(size, 0, 0));
        }
    }

    @Test
    void aRateIsReachedExactly() {
        CountWindow window = new CountWindow(new WindowConfig.Count(100, WindowConfig.Limits.of(100, .07)), true, time);
        record(window, 93, false);

        record(window, 6, true);
        assertThat(window.tripped()).isFalse();
        record(window, 1, true);
        assertThat(window.tripped()).isTrue();
    }

    @Test
    void timeWindowForgetsASliceAtATime() {
        TimeWindow window = timeWindow(Duration.ofSeconds(10), NEVER_REACHED);
        for (int second = 0; second < 10; second++) {
            record(window, 1, true);
            time.advance(Duration.ofSeconds(1));
        }

        assertThat(window.counts().calls()).isEqualTo(9);
        time.advance(Duration.ofSeconds(4));
        assertThat(window.counts().calls()).isEqualTo(5);
        record(window, 3, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(8, 5, 0));
        time.advance(Duration.ofSeconds(10));
        assertThat(window.counts()).isEqualTo(new CallCounts(0, 0, 0));
    }

    @Test
    void timeWindowTakesMoreCallsThanASliceCanCount() {
        TimeWindow window = timeWindow(Duration.ofSeconds(10), NEVER_REACHED);

        record(window, 1_500_000, false);
        record(window, 1_500_000, true);

        assertThat(window.counts()).isEqualTo(new CallCounts(3_000_000, 1_500_000, 0));
        time.advance(Duration.ofSeconds(10));
        record(window, 1, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(1, 0, 0));
    }

    @Test
    void timeWindowKeepsWhatItHasIfTheClockGoesBack() {
        AtomicLong clock = new AtomicLong(Duration.ofDays(1).toNanos());
        TimeWindow window =
                new TimeWindow(new WindowConfig.Time(Duration.ofSeconds(10), NEVER_REACHED), true, clock::get);
        record(window, 5, true);

        clock.addAndGet(-Duration.ofHours(1).toNanos());
        record(window, 1, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(6, 5, 0));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        record(window, 1, false);

        assertThat(window.counts()).isEqualTo(new CallCounts(1, 0, 0));
    }

    @Test
    void timeWindowForgetsAllIfTheClockJumpsAhead() {
        AtomicLong clock = new AtomicLong();
        TimeWindow window =
                new TimeWindow(new WindowConfig.Time(Duration.ofSeconds(10), NEVER_REACHED), true, clock::get);
        record(window, 5, true);

        clock.set(Long.MAX_VALUE - 1);

        record(window, 1, false);
        assertThat(window.counts()).isEqualTo(new CallCounts(1, 0, 0));
    }
}
