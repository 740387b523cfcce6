package io.lynx.app;

import org.jspecify.annotations.Nullable;

/** The reason why an application shuts down. Immutable; {@code toString} is the form for logs and reports. */
public sealed interface ShutdownTrigger {
    /** A signal of the operating system. */
    record Signal(String name, int number) implements ShutdownTrigger {
        @Override
        public String toString() {
            return "SIG" + name;
        }
    }

    /** A request by the program: {@link Application#stop}, an operations endpoint, a plugin. */
    record Request(String reason) implements ShutdownTrigger {
        @Override
        public String toString() {
            return reason;
        }
    }

    /** Recovery of a required plugin was exhausted and {@code lynx.error_recovery.on_exhausted} is {@code shutdown}. */
    record RecoveryExhausted(String reason) implements ShutdownTrigger {
        @Override
        public String toString() {
            return "recovery: " + reason;
        }
    }

    /**
     * A call of {@link System#exit}.
     *
     * @param status the exit code that it was called with; null if it is not known
     */
    record SystemExit(@Nullable Integer status) implements ShutdownTrigger {
        @Override
        public String toString() {
            return status == null ? "System.exit" : "System.exit(" + status + ")";
        }
    }

    /** A start that failed. */
    record StartFailure(String message) implements ShutdownTrigger {
        @Override
        public String toString() {
            return "start failed";
        }
    }
}
