package io.lynx.app;

import java.util.function.Consumer;

/** The entry point of a service. Thread-safe, though a process runs one application. */
public final class Lynx {
    private Lynx() {}

    /**
     * Runs an application as the whole process: starts it, shuts it down on TERM, INT, HUP and QUIT, and exits with a code that
     * tells how it ended, such as 0, 143, 124 after an unclean shutdown or 78 for a configuration that is not valid. Does not return.
     *
     * @param args the arguments of {@code main}: {@code --config PATH} and {@code --key=value}
     * @param setup adds the plugins; it is part of the start and has its deadline
     */
    public static void run(String[] args, Consumer<Application.Builder> setup) {
        System.exit(ServiceProcess.run(args, setup));
    }
}
