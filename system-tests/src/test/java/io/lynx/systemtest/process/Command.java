package io.lynx.systemtest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end, within a bounded time. */
public final class Command {
    /**
     * The result of a run.
     *
     * @param code the exit code; -1 if the program exceeded its time
     * @param output the standard output and standard error
     */
    public record Result(int code, String output) {
        /** Returns whether the exit code is 0. */
        public boolean isSuccess() {
            return code == 0;
        }
    }

    private Command() {}

    /** Runs it in a directory, with an empty input. */
    public static Result run(Path directory, Duration atMost, List<String> command) throws InterruptedException {
        return run(directory, atMost, "", command);
    }

    /** Runs it in a directory; its input and output are files, so that no full pipe can block it. */
    public static Result run(Path directory, Duration atMost, String input, List<String> command)
            throws InterruptedException {
        try {
            Path read = Files.createTempFile("lynx-command-", ".in");
            Path output = Files.createTempFile("lynx-command-", ".txt");
            try {
                Files.writeString(read, input);
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(read.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try {
                    if (!process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                        return new Result(-1, "did not finish within " + atMost + "\n" + Files.readString(output));
                    }
                } finally {
                    process.destroyForcibly();
                }
                return new Result(process.exitValue(), Files.readString(output));
            } finally {
                Files.deleteIfExists(read);
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
