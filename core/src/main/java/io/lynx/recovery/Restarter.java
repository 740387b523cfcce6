package io.lynx.recovery;

import io.lynx.time.Deadline;

/** Restarts components, as the plugin lifecycle does: dependants stop first, in reverse order, and start again after it. */
@FunctionalInterface
public interface Restarter {
    /** Can restart nothing. */
    Restarter NONE = new Restarter() {
        @Override
        public boolean canRestart(String component) {
            return false;
        }

        @Override
        public void restart(String component, Deadline deadline) {
            throw new UnsupportedOperationException("component '" + component + "': nobody can restart it");
        }
    };

    /**
     * Stops {@code component} and starts it again; returns when it runs.
     *
     * @throws InterruptedException if interrupted, because the time is over or the application stops
     * @throws Exception if it does not run again
     */
    void restart(String component, Deadline deadline) throws Exception;

    /** Whether there is such a component and it can be restarted. Must not block. */
    default boolean canRestart(String component) {
        return true;
    }
}
