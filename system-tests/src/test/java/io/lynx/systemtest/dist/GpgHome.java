package io.lynx.systemtest.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Keys of GnuPG that live as long as a test.
 *
 * @param folder the folder of the keys
 */
record GpgHome(Path folder) implements AutoCloseable {
    /** Creates one without keys; the test is skipped if GnuPG is not installed. */
    static GpgHome create(Path parent) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Command.run(
                                parent,
                                Duration.ofMinutes(1),
                                List.of("sh", "-c", "command -v gpg && command -v gpg-agent"))
                        .isSuccess(),
                "gpg is not installed");
        return new GpgHome(Files.createDirectory(
                parent.resolve("gpg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    /** Ends the agent that keeps the keys. */
    @Override
    public void close() throws InterruptedException {
        List<String> command = new ArrayList<>(environment());
        command.addAll(List.of("gpgconf", "--kill", "gpg-agent"));
        Command.Result _ = Command.run(folder, Duration.ofMinutes(1), command);
    }

    /** Makes a key and returns its fingerprint; the agent then does not know the passphrase any more. */
    String newKey(String owner, String passphrase) throws InterruptedException {
        String _ = gpg("--passphrase", passphrase, "--quick-generate-key", owner, "ed25519", "sign", "1d");
        close();
        return gpg("--with-colons", "--list-secret-keys", owner)
                .lines()
                .filter(line -> line.startsWith("fpr:"))
                .map(line -> line.split(":", -1)[9])
                .findFirst()
                .orElseThrow();
    }

    /** Returns whether the signature beside a file is one of the file. */
    boolean accepts(Path file) throws InterruptedException {
        return run("--verify", file + ".asc", file.toString()).isSuccess();
    }

    /** Returns the beginning of a command whose process uses these keys and knows no passphrase. */
    List<String> environment() {
        return List.of("env", "--unset=" + Signer.PASSPHRASE, "GNUPGHOME=" + folder);
    }

    private String gpg(String... arguments) throws InterruptedException {
        Command.Result result = run(arguments);
        assertThat(result.isSuccess()).as(result.output()).isTrue();
        return result.output();
    }

    private Command.Result run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(environment());
        command.addAll(List.of("gpg", "--batch", "--no-tty", "--pinentry-mode", "loopback"));
        command.addAll(List.of(arguments));
        return Command.run(folder, Duration.ofMinutes(1), command);
    }
}
