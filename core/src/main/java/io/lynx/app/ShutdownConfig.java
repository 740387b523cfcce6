package io.lynx.app;

import io.lynx.config.Binding;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;

/**
 * How the application stops: {@code lynx.shutdown}.
 *
 * @param timeout the budget, from the first signal to the end of the process
 * @param graceful whether requests in flight are waited for
 * @param drainDelay how long full service goes on after the announcement
 * @param pluginTimeout for one plugin, inside the budget
 * @param pluginTimeouts exceptions from {@code pluginTimeout}, by plugin id
 * @param quit what SIGQUIT does after the thread dump
 * @param hangup what SIGHUP does
 * @param exitCode what the process exits with after a clean stop by a signal
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
     * Checks that the drain delay leaves time for the drain.
     *
     * @throws IllegalArgumentException if it is half of the timeout or more
     */
    public ShutdownConfig {
        Duration delay = drainDelay.fixed();
        if (delay != null && delay.multipliedBy(2).compareTo(timeout) >= 0) {
            throw new IllegalArgumentException("drain_delay: " + delay.toMillis() + " ms of a timeout of "
                    + timeout.toMillis() + " ms leaves too little for the drain; less than half of timeout is allowed");
        }
    }

    /** In force until the configuration is known. */
    static final ShutdownConfig DEFAULTS = Binding.defaults(ShutdownConfig.class);

    /** What SIGQUIT does. */
    public enum OnQuit {
        /** The JVM's thread dump, then a graceful stop. */
        STOP,
        /** The JVM's thread dump alone. */
        DUMP
    }

    /** What SIGHUP does. */
    public enum OnHangup {
        /** A graceful stop. */
        STOP,
        /** Nothing. */
        IGNORE
    }

    /** What the process exits with after a clean stop by a signal. */
    public enum OnSignalExit {
        /** 128 and the signal's number, as a shell reports it. */
        SIGNAL,
        /** 0. */
        ZERO
    }
}
