package io.lynx.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A folder that keeps downloaded Debian packages for later builds. Several processes may use it at once: one at a time fills it, and
 * a package appears in it with its whole content or not at all, also if a process is killed.
 */
final class PackageCache {
    private static final Pattern LISTED = Pattern.compile("(?m)^'[^']+' (\\S+\\.deb) (\\d+) ");

    private final Path folder;

    PackageCache(Path folder) {
        this.folder = folder;
    }

    /** A package that the package lists name; {@code size} is that of the file in bytes. */
    record Listed(String file, long size) {}

    /** Downloads all packages that are wanted. */
    interface Download {
        /** Returns the folder with the files. */
        Path run() throws IOException, ImageException, InterruptedException;
    }

    /** Returns the packages in the output of {@code apt-get --print-uris download}. */
    static List<Listed> listed(String uris) {
        return LISTED.matcher(uris)
                .results()
                .map(match -> new Listed(match.group(1), Long.parseLong(match.group(2))))
                .toList();
    }

    /** Returns the files of these packages, which are downloaded unless the cache has all of them in their whole size. */
    List<Path> files(List<Listed> packages, Download download)
            throws IOException, ImageException, InterruptedException {
        Files.createDirectories(folder);
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!hasAll(packages)) {
                Path downloaded = download.run();
                for (Listed wanted : packages) {
                    add(downloaded.resolve(wanted.file()));
                }
            }
        }
        return packages.stream().map(wanted -> folder.resolve(wanted.file())).toList();
    }

    private boolean hasAll(List<Listed> packages) throws IOException {
        for (Listed wanted : packages) {
            Path file = folder.resolve(wanted.file());
            if (!Files.exists(file) || Files.size(file) != wanted.size()) {
                return false;
            }
        }
        return true;
    }

    /** The copy is made under another name, since other processes read the files of the cache without the lock. */
    private void add(Path file) throws IOException {
        String name = FileTrees.name(file);
        Path part = folder.resolve(name + ".part");
        FileTrees.copy(file, part);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
