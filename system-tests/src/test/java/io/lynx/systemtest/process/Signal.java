package io.lynx.systemtest.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A POSIX signal, sent by {@code kill(2)} itself: starting {@code /bin/kill} would take longer than what is measured. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    KILL(9),
    STOP(19),
    CONT(18),
    TERM(15);

    private static final MethodHandle KILL_CALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("kill"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** What a shell calls the end by this signal: 128 and its number. */
    public int exitCode() {
        return 128 + number;
    }

    /**
     * Sends it.
     *
     * @return whether there was such a process
     */
    public boolean sendTo(long pid) {
        return call(pid, (int) pid);
    }

    /**
     * Sends it to each process of a group, as a terminal does.
     *
     * @return whether there was such a group
     */
    boolean sendToGroup(long leader) {
        return call(leader, (int) -leader);
    }

    private boolean call(long pid, int target) {
        if (pid <= 1) {
            throw new IllegalArgumentException("pid: " + pid + "; only a child's");
        }
        try {
            return (int) KILL_CALL.invokeExact(target, number) == 0;
        } catch (Throwable e) {
            throw new AssertionError("kill(2) cannot be called", e);
        }
    }
}
