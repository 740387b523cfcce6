package io.lynx.app;

import java.util.function.Consumer;

/** The entry point of a service. Thread-safe, though a process runs one application. */
public final class Lynx {
    private Lynx() {}

    /**
     * Makes the process one application: starts it, stops it gracefully on TERM, INT, HUP and QUIT, and ends the process
     * with the right code (see {@link ExitCode}). Does not return.
     *
     * @param args the arguments of {@code main}: {@code --config PATH} and {@code --key=value}
     * @param setup adds the plugins
     */
    public static void run(String[] args, Consumer<Application.Builder> setup) {
        System.exit(ServiceProcess.run(args, setup));
    }
}
