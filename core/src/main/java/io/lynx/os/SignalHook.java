package io.lynx.os;

import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The handler of one signal. It keeps the handler that it replaced.
 *
 * <p>The JDK has one handler for each signal, and reading it requires replacing it. Hooks may be closed in any order: a
 * closed hook that a later hook has replaced stays in place and passes signals on to its predecessor, also after the
 * later hook has put it back. Handlers are replaced under the lock that the JDK takes for this, and a signal that
 * arrives meanwhile waits until the replacement is done. Thread-safe.
 *
 * <p>This is the only class that uses {@code sun.misc.Signal}. The compiler's warning about it cannot be suppressed, so
 * the module's pom compiles this file separately.
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

    /** @throws IllegalArgumentException if the platform does not have the signal or the JVM reserves it */
    static SignalHook install(ProcessSignal signal, Consumer<ProcessSignal> handler) {
        Signal platformSignal = new Signal(signal.name());
        SignalHook hook = new SignalHook(signal, platformSignal, handler);
        hook.previous = Signal.handle(platformSignal, hook);
        return hook;
    }

    ProcessSignal signal() {
        return signal;
    }

    /** Returns whether the process was started with the signal ignored; the JVM then never installs a handler. */
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
            // The platform's own handler cannot be called. For these signals it ends the process at once.
            Runtime.getRuntime().halt(128 + raised.getNumber());
        } else if (next != SIG_IGN) {
            next.handle(raised);
        }
    }

    /** Holds signals back while the handler is being replaced. */
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
