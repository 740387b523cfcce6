package io.lynx.recovery.run;

import io.lynx.recovery.ErrorRecoveryManager;

/** What tests need to know of the parts behind a manager. */
public final class RunnerState {
    private RunnerState() {}

    /** Returns the number of free slots. */
    public static int freeSlots(ErrorRecoveryManager manager) {
        return engine(manager).freeSlots();
    }

    /** Returns whether every error was either dispatched or has nothing to wait for. */
    public static boolean isSettled(ErrorRecoveryManager manager) {
        return engine(manager).isSettled();
    }

    /** Returns how many errors of a component coalesced with a recovery. */
    public static long coalesced(ErrorRecoveryManager manager, String component) {
        return engine(manager).coalesced(component);
    }

    private static RecoveryEngine engine(ErrorRecoveryManager manager) {
        return ((ManagedRecovery) manager).engine();
    }
}
