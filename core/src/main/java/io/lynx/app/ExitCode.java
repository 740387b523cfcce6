package io.lynx.app;

/** What the process exits with. The numbers above 63 follow BSD's sysexits, 124 follows timeout(1), 128+n the shells. Immutable. */
public final class ExitCode {
    /** A clean stop that the program itself asked for. */
    public static final int OK = 0;
    /** Out of memory, or the virtual machine failed otherwise; no graceful stop was tried. */
    public static final int VIRTUAL_MACHINE = 3;
    /** A required plugin, or what it depends on, is unavailable (EX_UNAVAILABLE). */
    public static final int UNAVAILABLE = 69;
    /** An uncaught exception in main or in the lifecycle itself (EX_SOFTWARE). */
    public static final int INTERNAL = 70;
    /** The start was not done at its deadline (EX_TEMPFAIL). */
    public static final int START_DEADLINE = 75;
    /** The configuration or the set of plugins is wrong (EX_CONFIG). */
    public static final int CONFIGURATION = 78;
    /** The stop was not clean: the budget was exceeded, or a plugin or an event was given up. */
    public static final int UNCLEAN_SHUTDOWN = 124;

    private ExitCode() {}

    /** After a stop by a signal. */
    public static int ofSignal(int number) {
        return 128 + number;
    }
}
