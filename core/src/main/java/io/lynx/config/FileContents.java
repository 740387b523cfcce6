package io.lynx.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What some files held at one time, to be compared with another time. Files are told by their paths, so that a symbolic
 * link which leads elsewhere is a change, and by what they hold, so that touching one is none. Immutable.
 *
 * @param files by path
 */
public record FileContents(SortedMap<Path, Content> files) {
    /** No file at all. */
    public static final FileContents NONE = new FileContents(Collections.emptySortedMap());

    /**
     * What one file held: its beginning, up to what a configuration file may have.
     *
     * @param size in bytes; -1 if there was no such file or it could not be read
     * @param checksum of the bytes
     */
    public record Content(int size, long checksum) {
        static final Content ABSENT = new Content(-1, 0);

        static Content of(byte[] bytes) {
            CRC32C checksum = new CRC32C();
            checksum.update(bytes);
            return new Content(bytes.length, checksum.getValue());
        }

        private static Content of(Path file) {
            try (InputStream in = Files.newInputStream(file)) {
                return of(in.readNBytes(ConfigFiles.MAX_BYTES + 1));
            } catch (IOException unreadable) {
                return ABSENT;
            }
        }
    }

    /** Copies the map. */
    public FileContents {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** What the same files hold now. Reads all of them. */
    public FileContents now() {
        SortedMap<Path, Content> now = new TreeMap<>();
        files.keySet().forEach(file -> now.put(file, Content.of(file)));
        return new FileContents(now);
    }

    /** Returns the files that were there in {@code earlier} and are not any more. */
    public List<Path> missingSince(FileContents earlier) {
        List<Path> missing = new ArrayList<>();
        earlier.files.forEach((file, content) -> {
            if (!content.equals(Content.ABSENT) && Content.ABSENT.equals(files.getOrDefault(file, Content.ABSENT))) {
                missing.add(file);
            }
        });
        return missing;
    }

    /** {@code later}, with those of these files that it does not know taken for absent. */
    public FileContents then(FileContents later) {
        SortedMap<Path, Content> known = new TreeMap<>();
        files.keySet().forEach(file -> known.put(file, Content.ABSENT));
        known.putAll(later.files);
        return new FileContents(known);
    }
}
