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
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new connections out of a listening TCP socket that is about to be closed, on Linux. Thread-safe.
 *
 * <p>Closing a listening socket resets the connections that the kernel has completed and the server not yet accepted,
 * and those whose last handshake segment is on its way; their clients were told that they are connected. Between
 * "accept until there is none" and "close" there is always time for one more. The gate ends that: the kernel drops the
 * first segment of each new handshake (SYN without ACK) and passes all others, so handshakes in progress complete, and
 * what the server then accepts until quiet is all there will ever be. A client that came too late repeats its SYN after
 * about a second, and is refused by then, or reaches the server that has taken the port over.
 *
 * <p>The filter is a classic BPF program (socket(7), SO_ATTACH_FILTER; kernel documentation, "Linux Socket Filtering").
 * TCP hands a segment to the filter of a listening socket from the TCP header on, whatever the IP version, so the flags
 * are at byte 13 (RFC 9293, 3.1). Accepted sockets inherit the program, which passes all that an open connection sends.
 */
public final class SocketGate {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    private static final int FLAGS_OFFSET = 13;
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;

    private static final short LOAD_BYTE_ABSOLUTE = 0x30;
    private static final short AND_CONSTANT = 0x54;
    private static final short JUMP_IF_EQUAL_CONSTANT = 0x15;
    private static final short RETURN_CONSTANT = 0x06;
    private static final int WHOLE = -1;
    private static final int NOTHING = 0;

    private static final String LEFT_OPEN = ": left open until closed: ";

    private static final Logger LOG = LoggerFactory.getLogger(SocketGate.class);

    private final @Nullable Calls calls;
    private final String obstacle;

    private SocketGate(@Nullable Calls calls, String obstacle) {
        this.calls = calls;
        this.obstacle = obstacle;
    }

    private record Calls(ListeningSockets sockets, MethodHandle setsockopt) {}

    /**
     * Whether the gate is closed, and if not, why.
     *
     * @param isClosed whether new handshakes on all of this process's listening sockets on the port are dropped
     * @param reason a line for the operator
     */
    public record Result(boolean isClosed, String reason) {}

    /**
     * Prepares a gate on a thread of {@code background}.
     *
     * @return closes a port; returns false, and leaves it open to handshakes, until the gate is ready and where there is none
     */
    public static IntPredicate prepare(Executor background) {
        AtomicReference<@Nullable SocketGate> ready = new AtomicReference<>();
        background.execute(() -> ready.set(prepare()));
        return port -> {
            SocketGate gate = ready.get();
            if (gate == null) {
                return false;
            }
            Result result = gate.close(port);
            LOG.debug("{}", result.reason());
            return result.isClosed();
        };
    }

    /**
     * A gate that is ready to be closed. Takes a tenth of a second where nothing has called native code yet, so it is
     * neither for the start path nor for the stop path. Never fails: where there can be no gate, {@link #close} says why.
     */
    public static SocketGate prepare() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return new SocketGate(null, "the platform is not Linux");
        }
        try {
            MethodHandle setsockopt =
                    NativeCalls.libc("setsockopt", FunctionDescriptor.of(INT, INT, INT, INT, POINTER, INT));
            Calls calls = new Calls(new ListeningSockets(), setsockopt);
            rehearse(calls);
            return new SocketGate(calls, "");
        } catch (IllegalCallerException denied) {
            return new SocketGate(null, "native access is denied; --enable-native-access grants it");
        } catch (RuntimeException | LinkageError e) {
            return new SocketGate(null, e.toString());
        }
    }

    /**
     * Drops new handshakes from now on at every socket that this process listens with on {@code port}, for as long as the
     * socket lives. Takes about a millisecond, more with thousands of open files. Thread-safe.
     *
     * @return whether it took effect. This method never fails: without it a server closes as it would anyway
     */
    public Result close(int port) {
        if (calls == null) {
            return new Result(false, "port " + port + LEFT_OPEN + obstacle);
        }
        try {
            List<Integer> sockets = calls.sockets().descriptors(port);
            if (sockets.isEmpty()) {
                return new Result(false, "port " + port + LEFT_OPEN + "this process does not listen on it");
            }
            for (int socket : sockets) {
                attach(calls.setsockopt(), socket);
            }
            return new Result(true, "port " + port + ": takes no new connection");
        } catch (IOException | RuntimeException e) {
            return new Result(false, "port " + port + LEFT_OPEN + describe(e));
        }
    }

    /** Goes the way that {@link #close} will go, with a port and a descriptor that there are not: it is cold but once. */
    private static void rehearse(Calls calls) {
        try {
            calls.sockets().descriptors(0);
            attach(calls.setsockopt(), -1);
        } catch (IOException expected) {
            // A bad descriptor; what else is amiss shows when the gate is closed.
        }
    }

    private static String describe(Throwable e) {
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    private static void attach(MethodHandle setsockopt, int socket) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment callState = NativeCalls.callState(arena);
            MemorySegment program = program(arena);
            int result;
            try {
                result = (int) setsockopt.invokeExact(
                        callState, socket, SOL_SOCKET, SO_ATTACH_FILTER, program, (int) program.byteSize());
            } catch (Throwable t) {
                throw NativeCalls.unexpected(t);
            }
            if (result != 0) {
                throw NativeCalls.failure("SO_ATTACH_FILTER", callState);
            }
        }
    }

    /** {@code struct sock_fprog}: a length, padding to a pointer, and the instructions. */
    private static MemorySegment program(Arena arena) {
        MemorySegment instructions = arena.allocate(5 * 8L, 8);
        instruction(instructions, 0, LOAD_BYTE_ABSOLUTE, 0, 0, FLAGS_OFFSET);
        instruction(instructions, 1, AND_CONSTANT, 0, 0, SYN | ACK);
        instruction(instructions, 2, JUMP_IF_EQUAL_CONSTANT, 1, 0, SYN);
        instruction(instructions, 3, RETURN_CONSTANT, 0, 0, WHOLE);
        instruction(instructions, 4, RETURN_CONSTANT, 0, 0, NOTHING);
        MemorySegment program = arena.allocate(2 * POINTER.byteSize(), POINTER.byteAlignment());
        program.set(ValueLayout.JAVA_SHORT, 0, (short) 5);
        program.set(POINTER, POINTER.byteSize(), instructions);
        return program;
    }

    /** {@code struct sock_filter}: u16 code, u8 jump if true, u8 jump if false, u32 operand. */
    private static void instruction(
            MemorySegment instructions, int index, short code, int ifTrue, int ifFalse, int operand) {
        long at = index * 8L;
        instructions.set(ValueLayout.JAVA_SHORT, at, code);
        instructions.set(ValueLayout.JAVA_BYTE, at + 2, (byte) ifTrue);
        instructions.set(ValueLayout.JAVA_BYTE, at + 3, (byte) ifFalse);
        instructions.set(ValueLayout.JAVA_INT, at + 4, operand);
    }
}
