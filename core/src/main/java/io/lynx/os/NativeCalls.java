package io.lynx.os;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * Calls into native code by the foreign function API: the C types of the two platforms this is for (Linux on x64 and
 * aarch64, both LP64), the C library's functions with their {@code errno}, and functions in tables of pointers.
 *
 * <p>Where native access has not been granted the JVM prints a warning at the first use and goes on; with
 * {@code --illegal-native-access=deny} the first use throws {@link IllegalCallerException}. Callers turn that, as every
 * other failure, into one line for the operator.
 */
public final class NativeCalls {
    /** C's {@code int}. */
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    /** C's {@code size_t} and {@code ssize_t}. */
    public static final ValueLayout.OfLong SIZE = ValueLayout.JAVA_LONG;
    /** C's {@code void *}. */
    public static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private NativeCalls() {}

    /** A function of the C library whose first argument, beyond C's own, receives its {@code errno}. */
    public static MethodHandle libc(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), signature, Linker.Option.captureCallState("errno"));
    }

    /** Room for the {@code errno} of a call to {@link #libc}. */
    public static MemorySegment callState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    /** What went wrong in the latest call that was given {@code callState}, by its {@code errno}. */
    public static IOException failure(String function, MemorySegment callState) {
        int errno = (int) ERRNO.get(callState, 0L);
        MethodHandle strerror = libc("strerror", FunctionDescriptor.of(POINTER, INT));
        MemorySegment text;
        try {
            text = (MemorySegment) strerror.invokeExact(callState, errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        return new IOException(function + ": " + text.reinterpret(256).getString(0));
    }

    /** The functions that {@code library} exports; it must be loaded already, or opening it runs its initialisers. */
    static SymbolLookup symbolsOf(Path library) {
        return SymbolLookup.libraryLookup(library, Arena.global());
    }

    /**
     * A function in the table that {@code object} starts with a pointer to, as the objects of JNI and JVMTI do.
     *
     * @param slot the function's place in the table, from zero, in pointers
     */
    static MethodHandle inTable(
            MemorySegment object, int slot, FunctionDescriptor signature, Linker.Option... options) {
        long width = POINTER.byteSize();
        MemorySegment table = object.reinterpret(width).get(POINTER, 0).reinterpret((slot + 1) * width);
        return Linker.nativeLinker().downcallHandle(table.getAtIndex(POINTER, slot), signature, options);
    }

    /**
     * What to throw for what a handle threw that calls a native function, which throws nothing: a misuse of the handle.
     */
    public static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException("a native function threw", thrown);
        };
    }
}
