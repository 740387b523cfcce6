package io.lynx.plugin;

import io.lynx.extension.ExtensionPoint;
import io.lynx.time.Deadline;

/**
 * Work that other code submits to a plugin while it runs, such as the requests of its routes. If a plugin {@linkplain
 * PluginContext#own owns} it, the container calls {@link #finish} before {@link Plugin#stop}, so that no work reaches
 * an instance that has been stopped. Must be thread-safe.
 */
@ExtensionPoint(thread = "the thread of the plugin's stop", deadline = "half of the time limit of the plugin's stop")
public interface AcceptedWork extends AutoCloseable {
    /**
     * Refuses new work from now on, and returns when everything that had been accepted has ended or has been answered
     * with a refusal, at the latest at the deadline.
     *
     * @throws Exception if it fails; the failure is reported, and the plugin stops nevertheless
     */
    void finish(Deadline deadline) throws Exception;

    /** Removes it, so that no more work is submitted. */
    @Override
    void close();
}
