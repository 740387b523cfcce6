package io.lynx.resilience;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the count window, small enough to wrap around within a scenario, loses or invents no result. */
@Timeout(600)
public class CountWindowRaceTest {
    private final CountWindow window =
            new CountWindow(new WindowConfig.Count(3, WindowConfig.Limits.of(3, 1)), true, () -> 0);

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

    @Test
    void isLinearizableInAnyInterleaving() {
        Races.modelCheck(CountWindowRaceTest.class);
    }

    @Test
    void isLinearizableOnRealThreads() {
        Races.stress(CountWindowRaceTest.class);
    }
}
