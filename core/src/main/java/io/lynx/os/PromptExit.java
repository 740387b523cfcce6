package io.lynx.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process without waiting. {@link Runtime#halt} waits up to 300 ms for threads that are in native code, such as an event
 * loop that waits for its sockets. This calls C's {@code _exit} instead; what the JVM writes at its end, such as a flight
 * recording, is lost. Immutable and thread-safe.
 */
public final class PromptExit {
    /** Ends the process by {@link Runtime#halt}. */
    public static final PromptExit BY_JVM = new PromptExit(null);

    private final @Nullable MethodHandle exit;

    private PromptExit(@Nullable MethodHandle exit) {
        this.exit = exit;
    }

    /**
     * Prepares the call, which takes tens of milliseconds in a cold JVM, so it is not for the start path. Returns {@link #BY_JVM}
     * if native access is denied or there is no such function. Never fails.
     */
    public static PromptExit prepare() {
        try {
            Linker linker = Linker.nativeLinker();
            return new PromptExit(linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("_exit"), FunctionDescriptor.ofVoid(NativeCalls.INT)));
        } catch (RuntimeException | LinkageError _) {
            return BY_JVM;
        }
    }

    /** Ends the process; does not return. */
    public void now(int exitCode) {
        try {
            if (exit != null) {
                exit.invokeExact(exitCode);
            }
        } catch (Throwable _) {
            // The call failed, for example because memory is exhausted. The JVM ends the process instead.
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
