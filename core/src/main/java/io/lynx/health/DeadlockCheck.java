package io.lynx.health;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds platform threads that wait for each other's monitors or ownable synchronizers and therefore never continue. The JVM
 * does not find deadlocks of virtual threads.
 */
final class DeadlockCheck implements HealthCheck {
    private static final int FRAMES = 16;

    @Override
    public Health check() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.findDeadlockedThreads();
        return ids == null ? Health.up() : describe(threads.getThreadInfo(ids, FRAMES));
    }

    private static Health describe(ThreadInfo[] deadlocked) {
        List<String> waits = new ArrayList<>();
        for (ThreadInfo thread : deadlocked) {
            if (thread != null) {
                waits.add(thread.getThreadName() + " waits for " + thread.getLockName() + " held by "
                        + thread.getLockOwnerName() + ", at " + place(thread.getStackTrace()));
            }
        }
        return Health.down("deadlock of " + deadlocked.length + " threads: " + String.join("; ", waits))
                .with("threads", waits);
    }

    /** Returns the innermost frame outside of the JDK. */
    private static String place(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .filter(frame -> !frame.getClassName().startsWith("java.")
                        && !frame.getClassName().startsWith("jdk."))
                .findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .orElse("an unknown place");
    }
}
