package io.lynx.app;

/** Why an application stops. */
public sealed interface StopTrigger {
    /** The operating system sent a signal. */
    record Signal(String name, int number) implements StopTrigger {
        @Override
        public String toString() {
            return "SIG" + name;
        }
    }

    /** The program asked for it: {@link Application#stop}, an operations endpoint, a plugin. */
    record Request(String reason) implements StopTrigger {
        @Override
        public String toString() {
            return reason;
        }
    }

    /** Somebody called {@link System#exit}. */
    record VmExit() implements StopTrigger {
        @Override
        public String toString() {
            return "System.exit";
        }
    }

    /** The start failed. */
    record StartFailure(String message) implements StopTrigger {
        @Override
        public String toString() {
            return "start failed";
        }
    }
}
