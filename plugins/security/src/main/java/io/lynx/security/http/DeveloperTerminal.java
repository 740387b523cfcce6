package io.lynx.security.http;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that the process was started from, and what tells whether a developer alone sees it. A container can have a terminal whose
 * output is recorded like any other; so can a build pipeline. Immutable.
 *
 * @param output prints on the terminal; null if standard input and output are not one
 * @param processes the ids of this process, of its parent and of the leader of its session, as far as they are known
 * @param variables the names of the environment variables
 */
record DeveloperTerminal(@Nullable Consumer<String> output, Set<Long> processes, Set<String> variables) {
    /** The profiles under which a service is developed; any other one may be for production. */
    private static final List<String> PROFILES = List.of("dev", "development", "local", "test");

    /** Set where the output of every process is recorded: in a pod, and in nearly every build pipeline. */
    private static final List<String> RECORDING = List.of("KUBERNETES_SERVICE_HOST", "CI");

    /** The first process of a container, or of a machine, which starts no program for a developer. */
    private static final long FIRST = 1;

    private static final Path STATUS = Path.of("/proc/self/stat");

    DeveloperTerminal {
        processes = Set.copyOf(processes);
        variables = Set.copyOf(variables);
    }

    /** Returns that of this process. */
    static DeveloperTerminal detect() {
        ProcessHandle self = ProcessHandle.current();
        long parent = self.parent().map(ProcessHandle::pid).orElse(0L);
        return new DeveloperTerminal(
                output(System.console()),
                Set.copyOf(List.of(self.pid(), parent, sessionLeader())),
                System.getenv().keySet());
    }

    /** The writer of the console is the terminal itself, while {@code System.out} can be replaced. */
    private static @Nullable Consumer<String> output(@Nullable Console console) {
        if (console == null || !console.isTerminal()) {
            return null;
        }
        PrintWriter terminal = console.writer();
        return text -> {
            terminal.write(text);
            terminal.flush();
        };
    }

    /** The sixth field; the second is a name in parentheses that may contain spaces. 0 where there is no such file. */
    private static long sessionLeader() {
        try {
            String status = Files.readString(STATUS);
            return Long.parseLong(status.substring(status.lastIndexOf(')') + 2).split(" ")[3]);
        } catch (IOException | RuntimeException unknown) {
            return 0;
        }
    }

    /** Returns why no secret may be printed; empty if one may. */
    Optional<String> refusal(List<String> profiles) {
        for (String profile : profiles) {
            if (!PROFILES.contains(profile)) {
                return Optional.of("the profile '" + profile + "' is active, and only " + String.join(", ", PROFILES)
                        + " are for development");
            }
        }
        if (output == null) {
            return Optional.of("standard input and output are not a terminal");
        }
        for (String variable : RECORDING) {
            if (variables.contains(variable)) {
                return Optional.of(variable + " is set, so the output may be recorded");
            }
        }
        if (processes.contains(FIRST)) {
            return Optional.of("this is the main process of a container, whose output is recorded");
        }
        return Optional.empty();
    }

    /** Prints a text with the end of its line, if there is a terminal. */
    void print(String text) {
        if (output != null) {
            output.accept(text + "\n");
        }
    }
}
