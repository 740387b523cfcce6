package io.lynx.extension.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodicTaskTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ManualTime time = new ManualTime();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void runsAfterEachIntervalUntilItIsStopped() {
        PeriodicTask task = new PeriodicTask("test", time, runs::incrementAndGet);
        task.start(INTERVAL);
        task.start(INTERVAL);

        time.advance(Duration.ofSeconds(9));
        assertThat(runs).hasValue(0);
        time.advance(Duration.ofSeconds(21));
        assertThat(runs).hasValue(3);
        task.stop();

        assertThat(time.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoClassDefFoundError.class,
                StackOverflowError.class,
                IllegalStateException.class,
                Exception.class
            })
    void runsAgainWhateverARunThrows(Class<? extends Throwable> failure) {
        PeriodicTask task = new PeriodicTask("test", time, () -> {
            runs.incrementAndGet();
            throw failure.getConstructor().newInstance();
        });
        task.start(INTERVAL);

        time.advance(Duration.ofSeconds(30));

        assertThat(runs).hasValue(3);
    }

    @Test
    void passesOnAFailureOfTheVirtualMachineAndRunsAgain() {
        PeriodicTask task = new PeriodicTask("test", time, () -> {
            if (runs.incrementAndGet() == 1) {
                throw new OutOfMemoryError("in a test");
            }
        });
        task.start(INTERVAL);

        assertThatThrownBy(() -> time.advance(INTERVAL)).isInstanceOf(OutOfMemoryError.class);
        time.advance(INTERVAL);

        assertThat(runs).hasValue(2);
    }

    @Test
    void aRunThatStopsItIsTheLastOne() {
        PeriodicTask[] own = new PeriodicTask[1];
        own[0] = new PeriodicTask("test", time, () -> {
            runs.incrementAndGet();
            own[0].stop();
        });
        own[0].start(INTERVAL);

        time.advance(Duration.ofSeconds(30));

        assertThat(runs).hasValue(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void aRunThatStartsItAgainLeadsToOneRunAtATime() {
        PeriodicTask[] own = new PeriodicTask[1];
        own[0] = new PeriodicTask("test", time, () -> {
            runs.incrementAndGet();
            own[0].stop();
            own[0].start(INTERVAL);
        });
        own[0].start(INTERVAL);

        time.advance(Duration.ofSeconds(30));

        assertThat(runs).hasValue(3);
        assertThat(time.pending()).isEqualTo(1);
    }

    @Test
    void endsWithItsScheduler() {
        PeriodicTask task = new PeriodicTask(
                "test",
                (_, _) -> {
                    throw new RejectedExecutionException("closed");
                },
                runs::incrementAndGet);

        task.start(INTERVAL);
        task.stop();

        assertThat(runs).hasValue(0);
    }
}
