package io.lynx.http.engine.files;

import io.lynx.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory. The real path of a file must be below the real path of the directory. Small files are kept in memory and
 * compared with the directory once a second. The entity tag is made from the content, or for large files from size and time, and is kept
 * until these change.
 */
public final class DirectoryFiles implements StaticContent {
    /** Files of at most this size are read for their entity tag. */
    private static final long HASHED = 1024 * 1024;

    private static final int MOST_TAGS = 4096;

    /** Reproducible builds give files a constant time before that day, which does not tell when a file has changed. */
    private static final Instant FIRST_DATE = Instant.parse("1980-02-01T00:00:00Z");

    private final Path root;
    private final HeldFiles held;
    private final Map<Path, Tag> tags = new ConcurrentHashMap<>();
    private volatile Path realRoot;

    /** An entity tag, with the size and the time that it was made for. */
    private record Tag(long size, FileTime time, String text) {}

    private DirectoryFiles(Path root, Path realRoot, HeldFiles held) {
        this.root = root;
        this.realRoot = realRoot;
        this.held = held;
    }

    /**
     * Returns the files of {@code directory}.
     *
     * @throws IllegalArgumentException if it is not a directory
     */
    public static DirectoryFiles of(Path directory) {
        return of(directory, new HeldFiles(Ticker.system(), MemoryShare.ofHeap()));
    }

    static DirectoryFiles of(Path directory, HeldFiles held) {
        try {
            Path real = directory.toRealPath();
            if (Files.isDirectory(real)) {
                return new DirectoryFiles(directory.toAbsolutePath(), real, held);
            }
            throw new IllegalArgumentException("static files: '" + directory + "' is not a directory");
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "static files: '" + directory + "' cannot be read; a directory that exists", unreadable);
        }
    }

    @Override
    public @Nullable StaticFile find(String path) {
        HeldFile known = held.get(path);
        long now = held.now();
        if (known != null && known.isFresh(now)) {
            return known.file();
        }
        StaticFile found = null;
        try {
            Path named = root.resolve(path);
            // Most paths that are looked up do not exist; this does not throw an exception for them.
            Path file = Files.isRegularFile(named) ? real(named) : null;
            BasicFileAttributes attributes = file == null ? null : attributes(file);
            if (file != null && attributes != null && attributes.isRegularFile()) {
                if (attributes.size() <= MemoryShare.LARGEST) {
                    return small(path, file, attributes, known, now);
                }
                found = large(file, attributes);
            }
        } catch (IOException | InvalidPathException absent) {
            // It cannot be read.
        }
        if (known != null) {
            held.remove(path);
        }
        return found;
    }

    @Override
    public @Nullable StaticFile variant(String path, String ending) {
        String name = path + ending;
        if (held.isAbsent(name)) {
            return null;
        }
        long now = held.now();
        StaticFile file = find(name);
        if (file == null) {
            held.absent(name, now);
        }
        return file;
    }

    private StaticFile small(String path, Path file, BasicFileAttributes attributes, @Nullable HeldFile known, long now)
            throws IOException {
        if (known != null && known.isCurrent(file, attributes)) {
            known.checked(now);
            return known.file();
        }
        byte[] content;
        try (InputStream in = open(file, 0)) {
            content = in.readNBytes(MemoryShare.LARGEST + 1);
        }
        StaticFile read = StaticFile.held(content, date(attributes));
        BasicFileAttributes after = attributes(file);
        boolean isWhole = content.length == after.size()
                && attributes.size() == after.size()
                && attributes.lastModifiedTime().equals(after.lastModifiedTime());
        if (isWhole) {
            held.put(path, new HeldFile(read, file, attributes, known, now));
        } else {
            held.remove(path);
        }
        return isWhole || content.length <= MemoryShare.LARGEST ? read : large(file, after);
    }

    /** Returns the real path if it is below the root; null if it is not. */
    private @Nullable Path real(Path named) throws IOException {
        Path file = named.toRealPath();
        if (!file.startsWith(realRoot)) {
            // The root may be a link that leads elsewhere now.
            realRoot = root.toRealPath();
        }
        return file.startsWith(realRoot) ? file : null;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private StaticFile large(Path file, BasicFileAttributes attributes) throws IOException {
        Instant date = date(attributes);
        return StaticFile.opened(attributes.size(), etag(file, attributes, date), date, from -> open(file, from));
    }

    private static @Nullable Instant date(BasicFileAttributes attributes) {
        Instant time = attributes.lastModifiedTime().toInstant();
        return time.isBefore(FIRST_DATE) ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }

    private String etag(Path file, BasicFileAttributes attributes, @Nullable Instant time) throws IOException {
        long size = attributes.size();
        FileTime modified = attributes.lastModifiedTime();
        if (size > HASHED && time != null) {
            return "\"" + Long.toHexString(size) + "-" + Long.toHexString(modified.toMillis()) + "\"";
        }
        Tag known = tags.get(file);
        if (known != null && known.size() == size && known.time().equals(modified)) {
            return known.text();
        }
        try (InputStream content = open(file, 0)) {
            String text = ContentHash.etag(content);
            if (tags.size() >= MOST_TAGS) {
                tags.clear();
            }
            tags.put(file, new Tag(size, modified, text));
            return text;
        }
    }

    private static InputStream open(Path file, long from) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            return Channels.newInputStream(channel.position(from));
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }
}
