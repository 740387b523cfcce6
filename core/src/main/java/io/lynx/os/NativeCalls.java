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
 * Calls native code through the foreign function API: C types of the two supported platforms (Linux on x64 and aarch64,
 * both LP64), functions of the C library with their {@code errno}, and functions in tables of pointers.
 *
 * <p>If native access has not been granted, the JVM prints a warning at the first use and continues. With {@code
 * --illegal-native-access=deny} the first use throws {@link IllegalCallerException}. Callers report this and every
 * other failure to the operator in one line.
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

    /**
     * Returns a function of the C library. It takes one more argument than in C, in front: the state that receives
     * {@code errno}.
     */
    public static MethodHandle libc(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), signature, Linker.Option.captureCallState("errno"));
    }

    /** Allocates the state that receives the {@code errno} of a function of {@link #libc}. */
    public static MemorySegment callState(Arena arena) {
        return arena.allocate(CALL_STATE);
    }

    /** Returns the failure of the most recent call that used {@code callState}, from its {@code errno}. */
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

    /**
     * Returns the functions that {@code library} exports. It must be loaded already; otherwise this would run its
     * initialisers.
     */
    static SymbolLookup symbolsOf(Path library) {
        return SymbolLookup.libraryLookup(library, Arena.global());
    }

    /**
     * Returns a function from a table. {@code object} begins with a pointer to the table, as the objects of JNI and
     * JVMTI do.
     *
     * @param slot the index of the function in the table, from zero
     */
    static MethodHandle inTable(
            MemorySegment object, int slot, FunctionDescriptor signature, Linker.Option... options) {
        long width = POINTER.byteSize();
        MemorySegment table = object.reinterpret(width).get(POINTER, 0).reinterpret((slot + 1) * width);
        return Linker.nativeLinker().downcallHandle(table.getAtIndex(POINTER, slot), signature, options);
    }

    /**
     * Returns the exception to throw when a call of a native function throws. Native functions throw nothing, so the
     * handle was used wrongly.
     */
    public static RuntimeException unexpected(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException("call of a native function failed", thrown);
        };
    }
}
