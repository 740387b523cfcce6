package io.lynx.systemtest.process;

import java.util.ArrayList;
import java.util.List;

/** How a service is started: what stands between the caller and the JVM, and which signals it inherits as ignored. */
public enum Wrapper {
    /** Every signal has its default meaning. */
    PLAIN,
    /** HUP is inherited as ignored. */
    NOHUP,
    /** The JVM keeps its hands off the signals. */
    XRS,
    /** A job in the background of a shell without job control: INT and QUIT are inherited as ignored. */
    BACKGROUND;

    /** What the shell of {@link #BACKGROUND} prints before the JVM's process id. */
    static final String PID_LINE = "background-pid ";

    /** The whole command line around that of the JVM. */
    List<String> wrap(String java, List<String> arguments) {
        // A build that runs in the background hands its ignored signals down; every child starts from the defaults.
        var command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,QUIT,TERM", "sh", "-c"));
        command.add(
                switch (this) {
                    case PLAIN, XRS -> "ulimit -c 0; exec \"$@\"";
                    case NOHUP -> "ulimit -c 0; exec nohup \"$@\"";
                    case BACKGROUND -> "ulimit -c 0; \"$@\" & echo \"" + PID_LINE + "$!\"; wait $!; exit $?";
                });
        command.add("sh");
        command.add(java);
        if (this == XRS) {
            command.add("-Xrs");
        }
        command.addAll(arguments);
        return command;
    }
}
