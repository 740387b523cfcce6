package io.lynx.transport;

import static io.lynx.os.NativeCalls.INT;
import static io.lynx.os.NativeCalls.POINTER;

import io.lynx.os.NativeCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the file descriptors that this process listens with for TCP connections on a port, on Linux: each of
 * {@code /proc/self/fd} is asked whether it accepts connections (socket(7), SO_ACCEPTCONN) and what it is bound to. The
 * table in {@code /proc/net/tcp} would name them too, but takes the kernel milliseconds to write. Thread-safe.
 */
final class ListeningSockets {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    /** In {@code sockaddr_in} and {@code sockaddr_in6}: the family, then the port in the network's order. */
    private static final int PORT_OFFSET = 2;

    private static final int ADDRESS_ROOM = 128;
    private static final ValueLayout.OfShort NETWORK_SHORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final MethodHandle getsockopt =
            NativeCalls.libc("getsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, POINTER));
    private final MethodHandle getsockname =
            NativeCalls.libc("getsockname", FunctionDescriptor.of(INT, INT, POINTER, POINTER));

    /** The descriptors of the sockets that listen on {@code port}, at any address of either IP version; maybe none. */
    List<Integer> descriptors(int port) throws IOException {
        List<Integer> found = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            MemorySegment callState = NativeCalls.callState(arena);
            MemorySegment room = arena.allocate(ADDRESS_ROOM, Long.BYTES);
            MemorySegment length = arena.allocate(INT);
            for (Path link : open) {
                int descriptor = Integer.parseInt(link.getFileName().toString());
                if (isListening(descriptor, callState, room, length)
                        && port(descriptor, callState, room, length) == port) {
                    found.add(descriptor);
                }
            }
        }
        return found;
    }

    /** False for what is no socket, too. */
    private boolean isListening(int descriptor, MemorySegment callState, MemorySegment room, MemorySegment length) {
        length.set(INT, 0, Integer.BYTES);
        int result;
        try {
            result = (int) getsockopt.invokeExact(callState, descriptor, SOL_SOCKET, SO_ACCEPTCONN, room, length);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
        return result == 0 && room.get(INT, 0) != 0;
    }

    private int port(int descriptor, MemorySegment callState, MemorySegment room, MemorySegment length) {
        length.set(INT, 0, ADDRESS_ROOM);
        int result;
        try {
            result = (int) getsockname.invokeExact(callState, descriptor, room, length);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
        short family = room.get(ValueLayout.JAVA_SHORT, 0);
        boolean isInternet = result == 0 && (family == AF_INET || family == AF_INET6);
        return isInternet ? Short.toUnsignedInt(room.get(NETWORK_SHORT, PORT_OFFSET)) : -1;
    }
}
