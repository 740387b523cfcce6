package io.lynx.systemtest.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, within a bound. */
public final class Command {
    /**
     * What became of it.
     *
     * @param code its exit code
     * @param output what it wrote, errors among it
     */
    public record Result(int code, String output) {
        /** Whether it succeeded. */
        public boolean isSuccess() {
            return code == 0;
        }
    }

    private Command() {}

    /** Runs it in a directory, with nothing to read. */
    static Result run(Path directory, Duration atMost, List<String> command) throws InterruptedException {
        return run(directory, atMost, "", command);
    }

    /** Runs it in a directory; what it reads and writes goes through files, so that no full pipe can block it. */
    static Result run(Path directory, Duration atMost, String input, List<String> command) throws InterruptedException {
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
                        return new Result(-1, "not done within " + atMost + "\n" + Files.readString(output));
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
