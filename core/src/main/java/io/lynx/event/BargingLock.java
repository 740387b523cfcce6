package io.lynx.event;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock for sections of a few instructions. A thread that finds it held tries again and never queues for it: in a queue, a
 * platform thread that has a deadline could stand behind a virtual thread that has no carrier to run on.
 */
final class BargingLock extends ReentrantLock {
    private static final long serialVersionUID = 1;
    private static final int SPINS = 100;

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // The holder may need this very core.
    public void lock() {
        for (int spins = 0; !tryLock(); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }
}
