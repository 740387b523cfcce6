package io.lynx.os;

/**
 * Whether a signal is handled. Immutable.
 *
 * @param signal the signal
 * @param disposition whether its handler is called, and if not, why
 * @param reason the effect that the signal has now, and why, for the operator
 */
public record SignalOutcome(ProcessSignal signal, Disposition disposition, String reason) {
    /** Whether a signal reaches its handler. */
    public enum Disposition {
        /** The handler is called. */
        INSTALLED,
        /** The process was started with the signal ignored (nohup, a background job of a shell), and it stays ignored. */
        IGNORED_BY_PARENT,
        /** The JVM or the platform refused the handler ({@code -Xrs}, no such signal, no native access). */
        REFUSED
    }

    /** Returns whether the handler is called. */
    public boolean isInstalled() {
        return disposition == Disposition.INSTALLED;
    }

    /** Returns one line for the operator, such as {@code SIGHUP: stays ignored: …}. */
    public String describe() {
        return "SIG" + signal + ": " + reason;
    }
}
