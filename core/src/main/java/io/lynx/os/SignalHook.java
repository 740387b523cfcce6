package io.lynx.os;

import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The handler of one signal, which knows the handler that it replaced.
 *
 * <p>The JDK has one handler a signal and no way to read it without replacing it. So that hooks may be closed in any
 * order, a closed hook that is not on top is left where it is and passes signals on to its predecessor; one that a later
 * hook puts back does the same. Replacing happens under the lock that the JDK's own replacing takes, and a signal that
 * falls into the gap waits for the end of it. Thread-safe.
 *
 * <p>The only class that names {@code sun.misc.Signal}, which the compiler warns about without a way to silence it: the
 * module's pom compiles this file on its own.
 */
final class SignalHook implements SignalHandler {
    private final ProcessSignal signal;
    private final Signal platformSignal;
    private final Consumer<ProcessSignal> handler;
    private volatile SignalHandler previous = SIG_DFL;
    private volatile boolean ignoring;
    private volatile boolean closed;

    private SignalHook(ProcessSignal signal, Signal platformSignal, Consumer<ProcessSignal> handler) {
        this.signal = signal;
        this.platformSignal = platformSignal;
        this.handler = handler;
    }

    /** Returns whether the platform has the signal; Windows has no HUP. */
    static boolean isKnown(ProcessSignal signal) {
        try {
            return new Signal(signal.name()).getNumber() >= 0;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    /** @throws IllegalArgumentException if the platform does not know the signal or the JVM keeps it to itself */
    static SignalHook install(ProcessSignal signal, Consumer<ProcessSignal> handler) {
        Signal platformSignal = new Signal(signal.name());
        SignalHook hook = new SignalHook(signal, platformSignal, handler);
        hook.previous = Signal.handle(platformSignal, hook);
        return hook;
    }

    ProcessSignal signal() {
        return signal;
    }

    /** Whether the process was started with the signal ignored; the JVM then leaves it so, whatever it is asked. */
    boolean isInherited() {
        return previous == SIG_IGN;
    }

    void ignore() {
        ignoring = true;
    }

    @Override
    public void handle(Signal raised) {
        if (closed) {
            pass(previous, raised);
        } else if (!ignoring) {
            handler.accept(signal);
        }
    }

    void close() {
        synchronized (Signal.class) {
            if (closed) {
                return;
            }
            closed = true;
            Gap gap = new Gap();
            SignalHandler current = Signal.handle(platformSignal, gap);
            gap.next = current == this ? previous : current;
            Signal.handle(platformSignal, gap.next);
        }
    }

    private static void pass(SignalHandler next, Signal raised) {
        if (next == SIG_DFL) {
            // The platform's own, which cannot be called: for these signals it is the end without ceremony.
            Runtime.getRuntime().halt(128 + raised.getNumber());
        } else if (next != SIG_IGN) {
            next.handle(raised);
        }
    }

    /** Holds the signals that arrive while the handler is being changed. */
    private static final class Gap implements SignalHandler {
        private volatile SignalHandler next = SIG_IGN;

        @Override
        public void handle(Signal raised) {
            SignalHandler decided;
            synchronized (Signal.class) {
                decided = next;
            }
            pass(decided, raised);
        }
    }
}
