package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;

/**
 * How the application shuts down: {@code lynx.shutdown}.
 *
 * @param timeout the budget, from the first signal to the end of the process
 * @param graceful whether the shutdown waits for requests in flight
 * @param drainDelay how long all requests are still served after the announcement
 * @param pluginTimeout the limit of the stop of one plugin
 * @param pluginTimeouts exceptions from {@code pluginTimeout}, by plugin id
 * @param quit what SIGQUIT does after the thread dump
 * @param hangup what SIGHUP does
 * @param exitCode the exit code after a clean shutdown by a signal
 */
public record ShutdownConfig(
        @Doc("The budget of the shutdown, from the first signal to the exit of the process.")
        @Default("30s")
        @Range(min = "1s", max = "10m")
        Duration timeout,

        @Doc("Whether the shutdown waits for requests in flight.") @Default("true")
        boolean graceful,

        @Doc("How long all requests are still served after a shutdown was announced, less than half of timeout;"
                + " auto is 5s under Kubernetes, otherwise 0s.")
        @Default("auto")
        DrainDelay drainDelay,

        @Doc("The time that a plugin may take to stop.") @Default("5s") @Range(min = "0s", max = "10m")
        Duration pluginTimeout,

        @Doc("Exceptions from plugin_timeout, by plugin id.") @Default("{}")
        Map<String, Duration> pluginTimeouts,

        @Doc("What SIGQUIT does: stop (a thread dump, then a shutdown) or dump (only the thread dump).")
        @Default("stop")
        OnQuit quit,

        @Doc("What SIGHUP does: stop or ignore.") @Default("stop")
        OnHangup hangup,

        @Doc("The exit code of a clean shutdown by a signal: signal (128 + its number) or zero.") @Default("signal")
        OnSignalExit exitCode) {
    /**
     * Checks that the drain delay leaves time for the drain, and the timeouts of single plugins.
     *
     * @throws IllegalArgumentException if the delay is half of the timeout or more, or a plugin has more than 365 days
     */
    public ShutdownConfig {
        StartupConfig.requireCountable(pluginTimeouts);
        Duration delay = drainDelay.fixed();
        if (delay != null && delay.multipliedBy(2).compareTo(timeout) >= 0) {
            throw new IllegalArgumentException("drain_delay: " + delay.toMillis() + " ms of a timeout of "
                    + timeout.toMillis() + " ms leaves too little for the drain; less than half of timeout is allowed");
        }
    }

    /** Applies until the configuration is known. */
    static final ShutdownConfig DEFAULTS = Binding.defaults(ShutdownConfig.class);

    /** What SIGQUIT does. */
    public enum OnQuit {
        /** A thread dump, then a graceful shutdown. */
        STOP,
        /** Only a thread dump. */
        DUMP
    }

    /** What SIGHUP does. */
    public enum OnHangup {
        /** A graceful shutdown. */
        STOP,
        /** Nothing. */
        IGNORE
    }

    /** The exit code after a clean shutdown by a signal. */
    public enum OnSignalExit {
        /** 128 plus the number of the signal, as a shell reports it. */
        SIGNAL,
        /** Zero. */
        ZERO
    }
}
