package io.lynx.resilience;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the time window loses or invents no result while its slices are being replaced. */
@Timeout(600)
public class TimeWindowRaceTest {
    private final AtomicLong now = new AtomicLong();
    private final TimeWindow window = new TimeWindow(
            new WindowConfig.Time(Duration.ofMillis(10), WindowConfig.Limits.of(4, .75)), true, now::get);

    @Operation
    public boolean success() {
        return window.record(false, 0);
    }

    @Operation
    public boolean failure() {
        return window.record(true, 0);
    }

    @Operation
    public boolean tripped() {
        return window.tripped();
    }

    @Operation
    public String tally() {
        return window.counts().toString();
    }

    @Operation
    public void waitForTheNextSlice() {
        now.addAndGet(Duration.ofMillis(1).toNanos());
    }

    @Test
    void isLinearizableInAnyInterleaving() {
        Races.modelCheck(TimeWindowRaceTest.class);
    }

    @Test
    void isLinearizableOnRealThreads() {
        Races.stress(TimeWindowRaceTest.class);
    }
}
