package io.lynx.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine to their end. */
final class ExternalProgram {
    private static final long MINUTES = 5;

    private ExternalProgram() {}

    /**
     * Runs a program in a folder and returns its standard output.
     *
     * @throws ImageException if it cannot be started, fails, or does not end within five minutes
     */
    static String run(Path folder, List<String> command) throws IOException, ImageException, InterruptedException {
        String name = String.join(" ", command.subList(0, Math.min(2, command.size())));
        Path output = Files.createTempFile(folder, "program-", ".out");
        Path errors = Files.createTempFile(folder, "program-", ".err");
        try {
            Process process = start(folder, command, output, errors);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new ImageException("'" + name + "' did not end within " + MINUTES + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new ImageException("'" + name + "' failed with exit code " + process.exitValue() + ": "
                        + (Files.readString(output) + Files.readString(errors)).strip());
            }
            return Files.readString(output);
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    private static Process start(Path folder, List<String> command, Path output, Path errors) throws ImageException {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            throw new ImageException("'" + command.getFirst() + "' cannot be started: " + e.getMessage());
        }
    }
}
