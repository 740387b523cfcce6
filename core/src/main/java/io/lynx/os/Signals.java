package io.lynx.os;

import io.lynx.os.SignalOutcome.Disposition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The handlers of TERM, INT and HUP, from {@link #install} until {@link #close}.
 *
 * <p>Made to be the first statement of a process, so it loads little: no lambda, no string concatenation, no collection
 * beyond a list. Several may be installed in one JVM, the latest being the one that hears; they may be closed in any
 * order, and what was there before the first comes back with the last. Thread-safe.
 */
public final class Signals implements AutoCloseable {
    private static final String HANDLED = "handled";
    private static final String IGNORED = "ignored, and stays so: this process was started with it ignored, as by nohup"
            + " or as a background job of a shell";
    private static final String REFUSED = "not handled, it ends the process at once without a graceful stop: the JVM"
            + " refused the handler, as it does when started with -Xrs";
    private static final String UNKNOWN = "not handled: this platform has no such signal";
    private static final String RESERVED = "not handled: the JVM keeps it for the thread dump";

    private final List<SignalHook> hooks = new ArrayList<>(4);
    private final List<SignalOutcome> outcomes = new ArrayList<>(4);

    private Signals() {}

    /**
     * Has {@code handler} called for each of {@code signals} that reaches this process, on a thread of its own and of the
     * highest priority. The handler must hand off at once. It may be called before this method returns, and for two
     * signals at the same time.
     *
     * @param signals TERM, INT, HUP or fewer; QUIT is refused, see {@link QuitSignal}
     * @return the handlers; {@link #outcomes()} says which signals are heard. This method never fails
     */
    public static Signals install(Set<ProcessSignal> signals, Consumer<ProcessSignal> handler) {
        Signals installed = new Signals();
        for (ProcessSignal signal : signals) {
            installed.outcomes.add(installed.add(signal, handler));
        }
        return installed;
    }

    private SignalOutcome add(ProcessSignal signal, Consumer<ProcessSignal> handler) {
        if (signal == ProcessSignal.QUIT) {
            return new SignalOutcome(signal, Disposition.REFUSED, RESERVED);
        }
        if (!SignalHook.isKnown(signal)) {
            return new SignalOutcome(signal, Disposition.REFUSED, UNKNOWN);
        }
        SignalHook hook;
        try {
            hook = SignalHook.install(signal, handler);
        } catch (IllegalArgumentException refused) {
            return new SignalOutcome(signal, Disposition.REFUSED, REFUSED);
        }
        hooks.add(hook);
        return hook.isInherited()
                ? new SignalOutcome(signal, Disposition.IGNORED_BY_PARENT, IGNORED)
                : new SignalOutcome(signal, Disposition.INSTALLED, HANDLED);
    }

    /** What became of each signal asked for, in the order of asking. */
    public List<SignalOutcome> outcomes() {
        return Collections.unmodifiableList(outcomes);
    }

    /**
     * From now on {@code signal} does nothing: neither the handler nor the JVM's own way of ending hears it. This is how
     * {@code lynx.shutdown.hangup: ignore} takes effect once the configuration is known. Nothing changes for a signal that
     * is not installed here. Processes started by this one do not inherit it.
     */
    public void ignore(ProcessSignal signal) {
        for (SignalHook hook : hooks) {
            if (hook.signal() == signal) {
                hook.ignore();
            }
        }
    }

    /** Puts back what was there before. Idempotent. */
    @Override
    public void close() {
        for (SignalHook hook : hooks) {
            hook.close();
        }
    }
}
