package io.lynx.container;

/** A required plugin did not start; the cause is what it threw, and clean-up failures are suppressed on it. */
public final class PluginStartException extends Exception {
    private final String plugin;
    private final Reason reason;

    /** Why a plugin did not start. */
    public enum Reason {
        /** Its start, or the opening of its listener, threw. */
        FAILED,
        /** It was not done at its deadline, or at the application's. */
        TIMED_OUT,
        /** The start was cancelled from outside before it was done. */
        CANCELLED
    }

    PluginStartException(String plugin, Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.plugin = plugin;
        this.reason = reason;
    }

    /** The id of the plugin; empty if the start was cancelled while none was to blame. */
    public String plugin() {
        return plugin;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
