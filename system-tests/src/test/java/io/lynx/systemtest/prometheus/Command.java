package io.lynx.systemtest.prometheus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that is run to its end, within a bound. */
final class Command {
    /**
     * What became of it.
     *
     * @param code its exit code
     * @param output what it wrote, errors among it
     */
    record Result(int code, String output) {
        boolean isSuccess() {
            return code == 0;
        }
    }

    private Command() {}

    /** Runs it in a directory; what it writes goes through a file, so that it cannot block on a full pipe. */
    static Result run(Path directory, Duration atMost, List<String> command) throws InterruptedException {
        try {
            Path output = Files.createTempFile("lynx-command-", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
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
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
