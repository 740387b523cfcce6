package io.lynx.examples.orders;

import java.time.Duration;

/** The threads that only a database or its pool can have started. */
final class DatabaseThreads {
    private static final Duration LONG = Duration.ofSeconds(10);

    private DatabaseThreads() {}

    /** Waits for each to end; H2 lets its writer go without waiting for it. */
    static boolean haveEnded() throws InterruptedException {
        boolean ended = true;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            if (name.startsWith("orders:") || name.contains("H2") || name.contains("MVStore")) {
                ended &= thread.join(LONG);
            }
        }
        return ended;
    }
}
