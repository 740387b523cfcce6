package io.lynx.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The end of the process that waits for nothing. {@link Runtime#halt} is not that: HotSpot gives threads that are in native
 * code, such as an event loop that waits for its sockets, up to 300 ms before it goes. This calls C's {@code _exit}; what the
 * JVM writes at its end, a flight recording for one, is lost. Immutable and thread-safe.
 */
public final class PromptExit {
    /** The end by {@link Runtime#halt}, for as long as there is no other. */
    public static final PromptExit BY_JVM = new PromptExit(null);

    private final @Nullable MethodHandle exit;

    private PromptExit(@Nullable MethodHandle exit) {
        this.exit = exit;
    }

    /**
     * Makes it ready; takes tens of milliseconds in a cold JVM, so it is not for the start path. Where native access is
     * denied or there is no such function it is {@link #BY_JVM}. Never fails.
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
            // Out of memory, perhaps: the JVM's own way is left.
        } finally {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
