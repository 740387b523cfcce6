package io.lynx.logging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The terminal that standard output is connected to.
 *
 * @param present whether standard output is a terminal
 * @param colours whether to use colours: it is a terminal, and neither {@code NO_COLOR} nor {@code TERM=dumb} is set
 */
record Terminal(boolean present, boolean colours) {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    /** Detects the terminal of this process. */
    static Terminal detect() {
        boolean present = isStandardOutput();
        String noColour = System.getenv("NO_COLOR");
        boolean plain = (noColour != null && !noColour.isEmpty()) || "dumb".equals(System.getenv("TERM"));
        return new Terminal(present, present && !plain);
    }

    @SuppressWarnings("SystemConsoleNull") // It can be null with -Djdk.console=java.base.
    private static boolean isStandardOutput() {
        // Where this link exists, it is read in microseconds. A Console would also need a terminal on standard input.
        if (Files.isSymbolicLink(STANDARD_OUTPUT)) {
            try {
                String target = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException unreadable) {
                return false;
            }
        }
        var console = System.console();
        return console != null && console.isTerminal();
    }
}
