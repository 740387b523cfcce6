package io.lynx.systemtest.dist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A Maven repository in a folder, with a checksum beside each file. */
public final class Repository {
    private static final FileTime EPOCH = FileTime.from(Instant.EPOCH);

    private final Path folder;

    private Repository(Path folder) {
        this.folder = folder;
    }

    /** Creates an empty one in place of whatever the folder contains. */
    public static Repository create(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> old;
            try (Stream<Path> files = Files.walk(folder)) {
                old = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : old) {
                Files.delete(file);
            }
        }
        return new Repository(Files.createDirectories(folder));
    }

    /** Creates one with all that the project publishes. */
    public static void publish(Path root, Path folder) throws IOException {
        Repository repository = create(folder);
        for (PublishedModule module : PublishedProject.read(root).modules()) {
            repository.add(module, new PomMetadata("", "", ""));
        }
    }

    /** Adds the POM and the jars of a module. */
    void add(PublishedModule module, PomMetadata metadata) throws IOException {
        Path target = Files.createDirectories(
                folder.resolve("io/lynx").resolve(module.artifact()).resolve(module.version()));
        byte[] pom = metadata.addTo(Files.readString(module.pom())).getBytes(StandardCharsets.UTF_8);
        write(target.resolve(module.artifact() + "-" + module.version() + ".pom"), pom);
        for (Map.Entry<String, Path> jar : module.jars().entrySet()) {
            write(target.resolve(jar.getKey()), Files.readAllBytes(jar.getValue()));
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        for (Checksum checksum : Checksum.values()) {
            Files.writeString(checksum.beside(file), checksum.of(content));
        }
    }

    /** Signs each POM and each jar. */
    void sign(Signer signer) throws IOException {
        for (Path file : files()) {
            if (!Checksum.isOne(file)) {
                signer.sign(file);
            }
        }
    }

    /** Packs it into a zip file that depends on nothing but its content. */
    void bundle(Path zip) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (Path file : files()) {
                ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
                entries.putNextEntry(entry.setLastModifiedTime(EPOCH));
                entries.write(Files.readAllBytes(file));
                entries.closeEntry();
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
