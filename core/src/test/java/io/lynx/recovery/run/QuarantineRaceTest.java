package io.lynx.recovery.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryRecord.Result;
import io.lynx.recovery.run.Component.Phase;
import io.lynx.recovery.run.Component.Quarantine;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A quarantine that ends, by a reset or by a check that passes, at the moment of its next attempt or of that attempt's failure. */
class QuarantineRaceTest {
    private static final int RUNS = 5_000;
    private static final RecordedError ERROR =
            ComponentRaceTest.error(ErrorSeverity.HIGH, ErrorOrigin.check("db", ErrorOrigin.Cause.INTERNAL));

    private final ManualTime time = new ManualTime();

    @AutoClose
    private final ErrorRecoveryManager manager = ErrorRecoveryManager.builder()
            .ticker(time)
            .clock(time)
            .scheduler(time)
            .build();

    private final RecoveryEngine engine = ((ManagedRecovery) manager).engine();
    private final Component component =
            Objects.requireNonNull(engine.components().of("a", engine.now()));

    private void quarantined(Component.State state, Phase phase) {
        component.hold(state);
        Quarantine begun = new Quarantine("broken", ERROR, Duration.ofMinutes(1), phase);
        assertThat(component.changeQuarantine(component.quarantine(), begun)).isTrue();
    }

    /** Runs both at the same time. */
    private static void race(Runnable one, Runnable other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> after(start, other));
        after(start, one);
        second.get(30, TimeUnit.SECONDS);
    }

    private static void after(CyclicBarrier start, Runnable action) {
        try {
            int _ = start.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        action.run();
    }

    @Test
    void aResetDuringAFailureLeavesTheComponentIdleOrParked() throws Exception {
        for (int run = 0; run < RUNS; run++) {
            quarantined(new Component.Running(ERROR, null), Phase.ATTEMPT);

            AtomicBoolean isDealtWith = new AtomicBoolean();
            race(
                    () -> isDealtWith.set(engine.quarantine().attemptEnded(component, Result.FAILED)),
                    () -> engine.quarantine().reset("a"));

            boolean isQuarantined = component.quarantine() != null;
            assertThat(component.state())
                    .as("run %s, dealt with: %s, quarantined: %s", run, isDealtWith, isQuarantined)
                    .isInstanceOf(
                            isQuarantined
                                    ? Component.Parked.class
                                    : isDealtWith.get() ? Component.Idle.class : Component.Running.class);
        }
    }

    @Test
    void aCheckThatPassesAtTheNextAttemptLeavesNoAttemptThatNeverRuns() throws Exception {
        for (int run = 0; run < RUNS / 10; run++) {
            quarantined(new Component.Parked(), Phase.WAITING);
            boolean _ = engine.quarantine().park(component);

            race(() -> time.advance(Duration.ofMinutes(10)), () -> engine.quarantine()
                    .healed("a", "db"));

            Await.until("the attempt has ended, if there was one", () -> engine.isSettled());
            Quarantine after = component.quarantine();
            assertThat(after == null ? Phase.PROBATION : after.phase())
                    .as("run %s", run)
                    .isNotEqualTo(Phase.ATTEMPT);
        }
    }
}
