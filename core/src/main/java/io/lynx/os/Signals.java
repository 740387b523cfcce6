package io.lynx.os;

import io.lynx.os.SignalOutcome.Disposition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The handlers of TERM, INT and HUP, active from {@link #install} until {@link #close}.
 *
 * <p>Installing them is the first statement of a process, so this class loads little: it uses no lambda, no string
 * concatenation and no collection but a list. Several may be installed in one JVM; the one that was installed last
 * receives the signals. They may be closed in any order, and closing the last one restores the handlers that were there
 * before the first. Thread-safe.
 */
public final class Signals implements AutoCloseable {
    private static final String HANDLED = "handled";
    private static final String IGNORED = "stays ignored: this process was started with it ignored, as by nohup"
            + " or as a background job of a shell";
    private static final String REFUSED =
            "not handled, it ends the process at once without a graceful shutdown: the JVM"
                    + " refused the handler, as it does when started with -Xrs";
    private static final String UNKNOWN = "not handled: this platform has no such signal";
    private static final String RESERVED = "not handled: the JVM keeps it for the thread dump";

    private final List<SignalHook> hooks = new ArrayList<>(4);
    private final List<SignalOutcome> outcomes = new ArrayList<>(4);

    private Signals() {}

    /**
     * Calls {@code handler} for each of {@code signals} that reaches this process, on a thread of its own with the highest
     * priority. The handler must hand off at once. It may be called before this method returns, and for two signals at the
     * same time.
     *
     * @param signals TERM, INT, HUP or fewer; QUIT is refused, see {@link QuitSignal}
     * @return the handlers; {@link #outcomes()} shows which signals are handled. This method never fails
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

    /** Returns whether each of the requested signals is handled, in the same order. */
    public List<SignalOutcome> outcomes() {
        return Collections.unmodifiableList(outcomes);
    }

    /**
     * Ignores {@code signal} from now on: neither the handler nor the JVM reacts to it. {@code lynx.shutdown.hangup:
     * ignore} uses it once the configuration is known. It does nothing for a signal that is not installed here.
     * Processes that this one starts do not inherit it.
     */
    public void ignore(ProcessSignal signal) {
        for (SignalHook hook : hooks) {
            if (hook.signal() == signal) {
                hook.ignore();
            }
        }
    }

    /** Restores the previous handlers. Idempotent. */
    @Override
    public void close() {
        for (SignalHook hook : hooks) {
            hook.close();
        }
    }
}
