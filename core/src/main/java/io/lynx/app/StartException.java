package io.lynx.app;

import io.lynx.container.PluginStartException;

/**
 * The application failed to start. The cause is what the first plugin that failed threw. Everything that was opened has been
 * closed; failures of the clean-up are suppressed on the cause.
 */
public final class StartException extends RuntimeException {
    private final int exitCode;

    StartException(String message, Throwable cause, int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Returns the exception for a plugin that did not start. */
    static StartException of(PluginStartException failure, int exitCode) {
        return new StartException(String.valueOf(failure.getMessage()), causeOf(failure), exitCode);
    }

    /** Returns the exception for a start that a shutdown has come before. */
    static StartException notBegun(ShutdownReport shutdown) {
        return new StartException(
                "a shutdown was requested before the start", new InterruptedException(), shutdown.exitCode());
    }

    /** Returns what a plugin threw in its start. */
    static Throwable causeOf(PluginStartException failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : cause;
    }

    /**
     * Returns the code that the process should exit with: 78 for the configuration or the set of plugins, 69 for a required plugin,
     * 75 for the deadline of the start, 70 for anything else.
     */
    public int exitCode() {
        return exitCode;
    }
}
