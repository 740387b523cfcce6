package io.lynx.os;

/** A signal by which an operator ends or inspects a process. The numbers are defined by POSIX. */
public enum ProcessSignal {
    /** The terminal was closed, or an operator requests a restart. */
    HUP(1),
    /** Ctrl-C. */
    INT(2),
    /** Ctrl-\: a JVM prints a thread dump. */
    QUIT(3),
    /** The request to shut down, as sent by {@code kill}, systemd and Kubernetes. */
    TERM(15);

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    /** Returns the number of the signal. */
    public int number() {
        return number;
    }

    /** Returns the exit code of a process that this signal ended, by the convention of shells: 128 + {@link #number()}. */
    public int exitCode() {
        return 128 + number;
    }
}
