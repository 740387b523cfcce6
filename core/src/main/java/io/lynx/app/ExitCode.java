package io.lynx.app;

/** The exit codes of the process. Those from 64 to 78 follow BSD's sysexits, 124 follows timeout(1), 128+n follows the shells. Immutable. */
final class ExitCode {
    /** A clean shutdown that the program requested. */
    public static final int OK = 0;
    /** Out of memory, or another failure of the virtual machine; no graceful shutdown was tried. */
    public static final int VIRTUAL_MACHINE = 3;
    /** A required plugin, or what it depends on, is unavailable (EX_UNAVAILABLE). */
    public static final int UNAVAILABLE = 69;
    /** An uncaught exception in main or in the lifecycle itself (EX_SOFTWARE). */
    public static final int INTERNAL = 70;
    /** The start exceeded its deadline (EX_TEMPFAIL). */
    public static final int START_DEADLINE = 75;
    /** The configuration or the set of plugins is wrong (EX_CONFIG). */
    public static final int CONFIGURATION = 78;
    /** An unclean shutdown: the budget was exceeded, a step failed, a request was cut off, an event was not delivered, or a plugin was abandoned. */
    public static final int UNCLEAN_SHUTDOWN = 124;

    private ExitCode() {}

    /** Returns the exit code of a clean shutdown by the signal with this number. */
    static int ofSignal(int number) {
        return 128 + number;
    }
}
