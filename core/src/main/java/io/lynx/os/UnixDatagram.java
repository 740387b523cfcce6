package io.lynx.os;

import static io.lynx.os.NativeCalls.INT;
import static io.lynx.os.NativeCalls.POINTER;
import static io.lynx.os.NativeCalls.SIZE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * Sends datagrams to a Unix socket (unix(7)), which the JDK does not support: its Unix sockets are streams. The
 * constants are those of Linux on x64 and aarch64.
 */
final class UnixDatagram {
    /** The maximum length of a name; {@code sun_path} holds it and a zero byte. */
    static final int MAX_NAME_BYTES = 107;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;

    private UnixDatagram() {}

    /**
     * Sends {@code message}. If the receiver's queue is full, waits until there is space.
     *
     * @param name a path, or an abstract name after {@code @}, of at most {@link #MAX_NAME_BYTES}
     * @throws IOException if no socket receives under this name, or the queue stays full for {@code timeout}
     */
    static void send(byte[] name, byte[] message, Duration timeout) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            send(arena, name, message, timeout);
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }

    private static void send(Arena arena, byte[] name, byte[] message, Duration timeout) throws Throwable {
        MethodHandle socket = NativeCalls.libc("socket", FunctionDescriptor.of(INT, INT, INT, INT));
        MethodHandle close = NativeCalls.libc("close", FunctionDescriptor.of(INT, INT));
        MemorySegment callState = NativeCalls.callState(arena);
        int descriptor = (int) socket.invokeExact(callState, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
        if (descriptor < 0) {
            throw NativeCalls.failure("socket", callState);
        }
        try {
            limitWait(arena, callState, descriptor, timeout);
            send(arena, callState, descriptor, address(arena, name), message);
        } finally {
            int ignored = (int) close.invokeExact(callState, descriptor);
        }
    }

    /**
     * Sets the send timeout by a {@code struct timeval}: seconds and microseconds, each a long. Two zeros would mean no
     * timeout.
     */
    private static void limitWait(Arena arena, MemorySegment callState, int descriptor, Duration timeout)
            throws Throwable {
        MethodHandle setsockopt =
                NativeCalls.libc("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
        MemorySegment time = arena.allocateFrom(
                ValueLayout.JAVA_LONG, timeout.toSeconds(), Math.max(1, timeout.toNanosPart() / 1000));
        int result = (int)
                setsockopt.invokeExact(callState, descriptor, SOL_SOCKET, SO_SNDTIMEO, time, (int) time.byteSize());
        if (result != 0) {
            throw NativeCalls.failure("setsockopt", callState);
        }
    }

    private static void send(
            Arena arena, MemorySegment callState, int descriptor, MemorySegment address, byte[] message)
            throws Throwable {
        MethodHandle sendto =
                NativeCalls.libc("sendto", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE, INT, POINTER, INT));
        MemorySegment content = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
        long sent = (long) sendto.invokeExact(
                callState, descriptor, content, content.byteSize(), MSG_NOSIGNAL, address, (int) address.byteSize());
        if (sent != message.length) {
            throw NativeCalls.failure("sendto", callState);
        }
    }

    /**
     * Returns a {@code struct sockaddr_un} as long as the name. An abstract name starts with a zero byte and is not
     * terminated.
     */
    static MemorySegment address(Arena arena, byte[] name) {
        boolean isAbstract = name[0] == '@';
        MemorySegment address = arena.allocate(FAMILY_BYTES + name.length + (isAbstract ? 0L : 1L), FAMILY_BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, FAMILY_BYTES, name.length);
        if (isAbstract) {
            address.set(ValueLayout.JAVA_BYTE, FAMILY_BYTES, (byte) 0);
        }
        return address;
    }
}
