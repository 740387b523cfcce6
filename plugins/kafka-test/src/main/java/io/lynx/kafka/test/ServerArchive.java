package io.lynx.kafka.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An archive of the loaded classes of the broker in the home of the user, with which it starts in half of the time. The first broker writes
 * it when it stops. Thread-safe.
 */
final class ServerArchive {
    private static final String PREFIX = "kafka-of-tests-";

    private final Path kept;
    private final Path written;

    /** @param folder of the broker */
    ServerArchive(String classPath, Path folder) {
        String version = System.getProperty("java.vm.version", "") + classPath;
        UUID name = UUID.nameUUIDFromBytes(version.getBytes(StandardCharsets.UTF_8));
        this.kept = Path.of(System.getProperty("user.home", "."), ".cache", "lynx", PREFIX + name + ".jsa");
        this.written = folder.resolve("classes.jsa");
    }

    /** Returns whether the next broker that stops in order writes the archive. */
    boolean isMissing() {
        return !Files.isReadable(kept);
    }

    /** Returns the options of the virtual machine. */
    List<String> options() {
        return isMissing()
                ? List.of("-XX:ArchiveClassesAtExit=" + written)
                : List.of("-XX:SharedArchiveFile=" + kept, "-Xshare:auto");
    }

    /** Keeps the archive that a broker has written, instead of those of other versions. */
    void keep() {
        if (!Files.isReadable(written) || !isMissing()) {
            return;
        }
        Path folder = kept.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try {
            Path _ = Files.createDirectories(folder);
            try (Stream<Path> old = Files.list(folder)) {
                for (Path file : old.filter(
                                each -> each.getFileName().toString().startsWith(PREFIX))
                        .toList()) {
                    boolean _ = Files.deleteIfExists(file);
                }
            }
            Path copy = Files.createTempFile(folder, PREFIX, ".new");
            Path _ = Files.copy(written, copy, StandardCopyOption.REPLACE_EXISTING);
            Path _ = Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException notKept) {
            // The next start is slower; nothing else depends on it.
        }
    }
}
