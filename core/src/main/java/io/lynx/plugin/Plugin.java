package io.lynx.plugin;

import io.lynx.health.Health;
import io.lynx.time.Deadline;

/**
 * A part of a service that starts, runs and stops as one: a server, a pool, a cache, a worker, a piece of the business.
 *
 * <p>The application calls {@link #start} once every dependency runs, and {@link #stop} before any dependency stops, each
 * on a virtual thread named for the plugin. A plugin that is restarted is started again after its stop, on the same
 * instance. {@code stop} is called exactly once for each {@code start} that was called, a failed or cancelled one too, and
 * never otherwise.
 */
public interface Plugin {
    /** What it is and needs; asked for once, before anything starts. */
    PluginDescriptor descriptor();

    /**
     * Starts it, and returns when it can be used. Everything opened through {@link PluginContext#own} is closed again
     * whatever happens.
     *
     * @throws InterruptedException if the start was cancelled: by a signal, a failing peer or the start deadline
     * @throws Exception if it cannot run; the message should name the culprit and the remedy
     */
    void start(PluginContext context) throws Exception;

    /**
     * Stops it, and returns when it holds nothing. What its context owns is closed after it returns. A stop that is still
     * running at the deadline is interrupted, and abandoned 100 ms later.
     *
     * @param deadline when it must be done
     * @throws Exception is reported; the other plugins stop all the same
     */
    default void stop(Deadline deadline) throws Exception {}

    /**
     * How it is, asked for in the background while it runs; it may block. An exception means {@code DOWN}.
     *
     * @throws Exception if it cannot tell
     */
    default Health health() throws Exception {
        return Health.up();
    }
}
