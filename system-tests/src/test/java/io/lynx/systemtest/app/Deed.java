package io.lynx.systemtest.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** What a scripted plugin does when it is started or stopped. The names of the methods appear in stacks on purpose. */
enum Deed {
    /** Nothing, as a good plugin would. */
    NOTHING,
    /** Never returns; an interrupt ends it. */
    HANG,
    /** Never returns, and does not hear an interrupt. */
    HANG_DEAF,
    /** Returns long after everybody has given up on it. */
    LATE,
    /** Throws an exception. */
    THROW,
    /** Calls System.exit(7). */
    EXIT,
    /** Fills the heap. */
    OUT_OF_MEMORY,
    /** Recurses without end. */
    STACK_OVERFLOW,
    /** Leaves a platform thread behind that is not a daemon and does not end. */
    LEAVE_THREAD;

    void run(String plugin) throws Exception {
        switch (this) {
            case NOTHING -> {
                // As it says.
            }
            case HANG -> hangUntilInterrupted();
            case HANG_DEAF -> hangForEver();
            case LATE -> returnLate();
            case THROW -> throw new IllegalStateException(plugin + " broke as scripted");
            case EXIT -> System.exit(7);
            case OUT_OF_MEMORY -> fillHeap();
            case STACK_OVERFLOW -> System.out.println(recurse(0));
            case LEAVE_THREAD ->
                Thread.ofPlatform().daemon(false).name("left-by-" + plugin).start(Deed::hangForEver);
        }
    }

    private static void hangUntilInterrupted() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static void hangForEver() {
        while (true) {
            LockSupport.park();
            boolean _ = Thread.interrupted();
        }
    }

    private static void returnLate() {
        long end = System.nanoTime() + 1_500_000_000L;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
            boolean _ = Thread.interrupted();
        }
    }

    private static void fillHeap() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 20]);
        }
    }

    private static long recurse(long depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + depth;
    }
}
