package io.lynx.systemtest.dist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Signs files by GnuPG, which keeps the key. Its agent asks for the passphrase, unless the environment variable
 * {@value #PASSPHRASE} has it.
 */
final class Signer {
    static final String PASSPHRASE = "MAVEN_GPG_PASSPHRASE";

    private static final String PROPERTY = "project.signing.key";
    private static final String ENDING = ".asc";

    private final String key;

    /** Creates one that uses this key: its fingerprint, or the mail address of its owner. */
    Signer(String key) {
        this.key = key;
    }

    /** Signs a file that is deleted again, so that a key that cannot sign is known before everything is built. */
    void check() throws IOException {
        Result secret = gpg("--list-secret-keys", "--", key);
        if (secret.code() != 0) {
            throw new DistException(
                    PROPERTY + ": gpg has no secret key '" + key + "'; gpg --list-secret-keys shows those that it has");
        }
        Path file = Files.createTempFile("lynx-", ".txt");
        try {
            sign(file);
            if (!isSigned(file)) {
                throw new DistException(PROPERTY + ": gpg does not accept its own signature by '" + key + "'");
            }
        } finally {
            Files.deleteIfExists(beside(file));
            Files.delete(file);
        }
    }

    /** Writes the signature of a file beside it. */
    void sign(Path file) throws IOException {
        Result result = gpg(
                "--yes",
                "--armor",
                "--detach-sign",
                "--local-user",
                key,
                "--output",
                beside(file).toString(),
                file.toString());
        if (result.code() != 0) {
            throw new DistException(PROPERTY + ": gpg cannot sign " + file.getFileName() + " with '" + key + "': "
                    + result.output().strip());
        }
    }

    /** Returns whether the signature beside a file is one of the file. */
    boolean isSigned(Path file) throws IOException {
        return gpg("--verify", beside(file).toString(), file.toString()).code() == 0;
    }

    /** Returns the file that has the signature of {@code file}. */
    static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ENDING);
    }

    /** Returns whether a file has a signature. */
    static boolean isOne(Path file) {
        return file.toString().endsWith(ENDING);
    }

    private record Result(int code, String output) {}

    private static Result gpg(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("gpg", "--batch", "--no-tty"));
        String passphrase = System.getenv(PASSPHRASE);
        if (passphrase != null) {
            command.addAll(List.of("--pinentry-mode", "loopback", "--passphrase-fd", "0"));
        }
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new DistException(PROPERTY + ": gpg cannot be started (" + e.getMessage()
                    + "); install GnuPG (on Debian: apt-get install gpg)");
        }
        try (OutputStream input = process.getOutputStream()) {
            if (passphrase != null) {
                input.write((passphrase + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
            // It ended without reading it; its exit code says why.
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
    }
}
