package io.lynx.health;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds platform threads that wait for each other's monitors or ownable synchronizers and therefore never continue. The JVM
 * does not find deadlocks of virtual threads.
 */
final class DeadlockCheck implements HealthCheck {
    @Override
    public Health check() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.findDeadlockedThreads();
        return ids == null ? Health.up() : describe(threads.getThreadInfo(ids));
    }

    private static Health describe(ThreadInfo[] deadlocked) {
        List<String> waits = new ArrayList<>();
        for (ThreadInfo thread : deadlocked) {
            if (thread != null) {
                waits.add(thread.getThreadName() + " waits for " + thread.getLockName() + " held by "
                        + thread.getLockOwnerName());
            }
        }
        return Health.down("deadlock of " + deadlocked.length + " threads").with("threads", waits);
    }
}
