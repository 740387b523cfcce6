package io.lynx.recovery;

import io.lynx.extension.ExtensionPoint;

/** An action that recovers a component: reconnect, clear a cache, switch to a replica. Implementations are thread-safe. */
@ExtensionPoint(thread = "a virtual thread of the recovery", deadline = "the timeout of the strategy that runs it")
@FunctionalInterface
public interface RecoveryAction {
    /**
     * Performs the action. The thread is interrupted when its time is over.
     *
     * @throws Exception if it failed
     */
    void run(RecoveryContext context) throws Exception;
}
