package io.lynx.os;

/**
 * What became of the wish to handle a signal.
 *
 * @param signal the signal
 * @param disposition whether its handler is called, and if not, whose doing that is
 * @param reason what an operator should know about it: what the signal does now, and why
 */
public record SignalOutcome(ProcessSignal signal, Disposition disposition, String reason) {
    /** Whether a signal reaches its handler. */
    public enum Disposition {
        /** It does. */
        INSTALLED,
        /** It does not: the process was started with the signal ignored (nohup, a background shell job), and stays so. */
        IGNORED_BY_PARENT,
        /** It does not: the JVM or the platform would not have it ({@code -Xrs}, no such signal, no native access). */
        REFUSED
    }

    /** Whether the handler is called. */
    public boolean isInstalled() {
        return disposition == Disposition.INSTALLED;
    }

    /** One line for the operator, such as {@code SIGHUP: ignored, as …}. */
    public String describe() {
        return "SIG" + signal + ": " + reason;
    }
}
