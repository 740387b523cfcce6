package io.lynx.app.telemetry;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Reports the process. The management classes are loaded by the first scrape and not by the start, which they would slow down.
 * Thread-safe.
 */
final class SystemMetrics implements MetricSource {
    private final LongSupplier virtualThreads;

    /**
     * Creates the source.
     *
     * @param virtualThreads counts the virtual threads that the framework runs
     */
    SystemMetrics(LongSupplier virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    @Override
    public void collect(Samples out) {
        Runtime runtime = Runtime.getRuntime();
        out.add(Catalogue.SYSTEM_MEMORY, (double) (runtime.totalMemory() - runtime.freeMemory()));
        out.add(Catalogue.SYSTEM_CPUS, runtime.availableProcessors());
        out.add(Catalogue.SYSTEM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        double own = (double) virtualThreads.getAsLong();
        out.add(Catalogue.SYSTEM_GOROUTINES, own);
        out.add(Catalogue.SYSTEM_VIRTUAL_THREADS, own);
        VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        out.add(Catalogue.VIRTUAL_MOUNTED, Math.max(0, scheduler.getMountedVirtualThreadCount()));
        out.add(Catalogue.VIRTUAL_QUEUED, (double) Math.max(0, scheduler.getQueuedVirtualThreadCount()));
        out.add(Catalogue.VIRTUAL_PARALLELISM, scheduler.getParallelism());
    }
}
