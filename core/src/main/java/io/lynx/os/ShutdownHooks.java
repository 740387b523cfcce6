package io.lynx.os;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the JVM shutdown hooks that an exit of the process waits for. Stateless and thread-safe. */
public final class ShutdownHooks {
    private static final String RUNS_HOOKS = "java.lang.ApplicationShutdownHooks";

    private ShutdownHooks() {}

    /**
     * Returns the thread of the hook that the exit waits for. If a virtual thread called {@link System#exit}, the JVM does not
     * tell which one it is: then these are all threads that are not daemons and do not belong to the framework. Loads the
     * management classes, so it is not for the last moments of the process.
     */
    public static List<Thread> awaited() {
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        for (Map.Entry<Thread, StackTraceElement[]> entry : all.entrySet()) {
            if (isIn(entry.getValue(), RUNS_HOOKS)) {
                return joinedBy(entry.getKey(), all.keySet());
            }
        }
        return all.keySet().stream().filter(ShutdownHooks::mayBeHook).toList();
    }

    /** The thread that exits waits in {@link Thread#join}, so the lock that it waits for is the thread of the hook. */
    private static List<Thread> joinedBy(Thread exiting, Set<Thread> all) {
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(exiting.threadId());
        LockInfo lock = info == null ? null : info.getLockInfo();
        return lock == null
                ? List.of()
                : all.stream()
                        .filter(thread -> System.identityHashCode(thread) == lock.getIdentityHashCode())
                        .toList();
    }

    private static boolean mayBeHook(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return !thread.isDaemon()
                && group != null
                && group.getName().equals("main")
                && !thread.getName().startsWith("lynx-")
                && !thread.getName().equals("main");
    }

    private static boolean isIn(StackTraceElement[] stack, String className) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().equals(className));
    }
}
