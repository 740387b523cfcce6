package io.lynx.job;

import io.lynx.extension.ExtensionPoint;

/**
 * Work that runs on a schedule. Runs of one job never overlap, so it need not be thread-safe. A run that throws is logged and
 * counted, and the job runs again at its next time.
 */
@FunctionalInterface
@ExtensionPoint(
        thread = "a virtual thread of its plugin, one for each run",
        deadline = "the schedule's time-out; ten minutes without one")
public interface Job {
    /**
     * Runs once.
     *
     * @throws InterruptedException if the plugin stops and cannot wait any longer
     * @throws Exception if the run failed
     */
    void run(JobContext context) throws Exception;
}
