package io.lynx.os;

/** A signal by which an operator ends or inspects a process. The numbers are POSIX's, the same on every Unix. */
public enum ProcessSignal {
    /** The terminal is gone, or an operator asks for a new start. */
    HUP(1),
    /** Ctrl-C. */
    INT(2),
    /** Ctrl-\: the thread dump of a JVM. */
    QUIT(3),
    /** The polite request to end, as sent by {@code kill}, systemd and Kubernetes. */
    TERM(15);

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    /** The signal's number. */
    public int number() {
        return number;
    }

    /** What a process that this signal ended exits with by the shells' convention: 128 + {@link #number()}. */
    public int exitCode() {
        return 128 + number;
    }
}
