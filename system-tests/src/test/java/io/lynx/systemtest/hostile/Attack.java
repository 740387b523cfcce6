package io.lynx.systemtest.hostile;

import java.util.List;

/**
 * What hostile clients do.
 *
 * @param name names the test and its report
 * @param action does it
 */
record Attack(String name, Action action) {
    @FunctionalInterface
    interface Action {
        /** Runs until its time is over; what it opened is added to {@code opened}, which is closed afterwards. */
        void run(long endNanos, List<Attacker> opened) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
