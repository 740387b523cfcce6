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
 * The contents of some files at one time, to compare with another time. Both the path and the content count: a symbolic
 * link that points to another file is a change, a new modification time alone is not. Immutable.
 *
 * @param files by path
 */
public record FileContents(SortedMap<Path, Content> files) {
    /** The contents of no files. */
    public static final FileContents NONE = new FileContents(Collections.emptySortedMap());

    /**
     * The content of one file: its beginning, up to the maximum size of a configuration file.
     *
     * @param size in bytes; -1 if the file did not exist or could not be read
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

    /** Returns the present contents of the same files. Reads all of them. */
    public FileContents now() {
        SortedMap<Path, Content> now = new TreeMap<>();
        files.keySet().forEach(file -> now.put(file, Content.of(file)));
        return new FileContents(now);
    }

    /** Returns the files that existed in {@code earlier} and no longer exist. */
    public List<Path> missingSince(FileContents earlier) {
        List<Path> missing = new ArrayList<>();
        earlier.files.forEach((file, content) -> {
            if (!content.equals(Content.ABSENT) && Content.ABSENT.equals(files.getOrDefault(file, Content.ABSENT))) {
                missing.add(file);
            }
        });
        return missing;
    }

    /** Returns {@code later}, in which files that only this one knows count as absent. */
    public FileContents then(FileContents later) {
        SortedMap<Path, Content> known = new TreeMap<>();
        files.keySet().forEach(file -> known.put(file, Content.ABSENT));
        known.putAll(later.files);
        return new FileContents(known);
    }
}
