package io.lynx.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** The entry point of the command line. It uses nothing but the JDK, so that its sources start without having been built. */
final class Cli {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;
    private final Path directory;

    /** Creates one that resolves relative paths against {@code directory}. */
    Cli(PrintStream out, PrintStream err, Path directory) {
        this.out = out;
        this.err = err;
        this.directory = directory;
    }

    /** Runs a command and exits. */
    public static void main(String[] args) {
        System.exit(new Cli(System.out, System.err, Path.of("").toAbsolutePath()).run(List.of(args)));
    }

    /** Runs a command and returns the exit code. */
    int run(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.getFirst().equals("new")) {
            err.println("commands: new");
            return USAGE;
        }
        try {
            NewCommand command = new NewCommand(directory);
            List<String> rest = arguments.subList(1, arguments.size());
            out.println(rest.contains("--help") ? command.help() : command.run(rest));
            return DONE;
        } catch (UsageException e) {
            e.problems().forEach(problem -> err.println("new: " + problem));
            err.println("'new --help' shows the options");
            return USAGE;
        } catch (IOException e) {
            err.println("new: " + e);
            return FAILED;
        }
    }
}
