package io.lynx.benchmarks.harness;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What the process that asks uses. */
public final class MemoryUse {
    private static final int MOST_COLLECTIONS = 20;

    private MemoryUse() {}

    /** Returns the bytes of live objects and of buffers outside of the heap, separated by a space. It collects garbage. */
    public static String describe() {
        long used = used();
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            System.gc();
            long now = used();
            if (now >= used) {
                break;
            }
            used = now;
        }
        List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
        return used + " "
                + pools.stream().mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }

    private static long used() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
