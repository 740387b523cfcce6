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
import java.nio.charset.StandardCharsets;

/** A bound Unix datagram socket, as a service manager has one. Its reads do not wait. */
final class DatagramReceiver implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK = 2 | 0x800;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment callState = NativeCalls.callState(arena);
    private final int descriptor;

    DatagramReceiver(String name) throws IOException {
        descriptor = (int) call(
                NativeCalls.libc("socket", FunctionDescriptor.of(INT, INT, INT, INT)),
                callState,
                AF_UNIX,
                SOCK_DGRAM_NONBLOCK,
                0);
        MemorySegment address = UnixDatagram.address(arena, name.getBytes(StandardCharsets.UTF_8));
        int bound = (int) call(
                NativeCalls.libc("bind", FunctionDescriptor.of(INT, INT, POINTER, INT)),
                callState,
                descriptor,
                address,
                (int) address.byteSize());
        if (bound != 0) {
            throw NativeCalls.failure("bind", callState);
        }
    }

    /** The next message; a Unix datagram has arrived when its sending returns. */
    String receive() throws IOException {
        MemorySegment buffer = arena.allocate(1024);
        long length = (long) call(
                NativeCalls.libc("recv", FunctionDescriptor.of(SIZE, INT, POINTER, SIZE, INT)),
                callState,
                descriptor,
                buffer,
                buffer.byteSize(),
                0);
        if (length < 0) {
            throw NativeCalls.failure("recv", callState);
        }
        return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        call(NativeCalls.libc("close", FunctionDescriptor.of(INT, INT)), callState, descriptor);
        arena.close();
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
        }
    }
}
