package io.lynx.recovery;

/**
 * Something that is done to recover a component: connect again, clear a cache, switch to a replica. It runs on a virtual
 * thread of its own and is interrupted when its time is over.
 */
@FunctionalInterface
public interface RecoveryAction {
    /**
     * Does it.
     *
     * @throws Exception if it did not work
     */
    void run(RecoveryContext context) throws Exception;
}
