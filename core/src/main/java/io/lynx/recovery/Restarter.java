package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;

/**
 * Restarts components through the plugin lifecycle: dependants stop first, in reverse order, and start again after it.
 * Implementations are thread-safe.
 */
@ExtensionPoint(
        thread = "the platform thread of the recovery; for canRestart and isRunning the caller's thread",
        deadline = "the start and stop deadlines of the plugins")
@FunctionalInterface
public interface Restarter {
    /** A restarter that can restart nothing. */
    Restarter NONE = new Restarter() {
        @Override
        public boolean canRestart(String component) {
            return false;
        }

        @Override
        public void restart(String component) {
            throw new UnsupportedOperationException("component '" + component + "': it cannot be restarted");
        }
    };

    /**
     * Stops {@code component} and starts it again; returns when it is running. Must be bounded by deadlines of its own: the
     * default chain never interrupts it.
     *
     * @throws Exception if it is not running afterwards
     */
    void restart(String component) throws Exception;

    /** Returns whether there is such a component and it can be restarted. Must not block. */
    default boolean canRestart(String component) {
        return true;
    }

    /** Returns whether {@code component}, which can be restarted, is running. Must not block. */
    default boolean isRunning(String component) {
        return true;
    }
}
