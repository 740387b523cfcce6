package io.lynx.http.engine.files;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A small file in memory, with what tells whether the one in the directory is still the same: its path, size, time and key. Two changes
 * within one tick of a file system's clock have the same time, so the content is read again until the time is old enough. Thread-safe.
 */
final class HeldFile {
    /** How long it is sent before it is compared with the directory. */
    static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The clocks of file systems advance in steps of at most two seconds. */
    static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int OVERHEAD = 512;

    private final StaticFile file;
    private final Path path;
    private final long size;
    private final FileTime time;
    private final @Nullable Object key;
    private final long firstSeen;
    private final long readAt;
    private volatile long checkedAt;

    /**
     * A file that was read at {@code now}.
     *
     * @param before the one in memory until now
     */
    HeldFile(StaticFile file, Path path, BasicFileAttributes attributes, @Nullable HeldFile before, long now) {
        this.file = file;
        this.path = path;
        this.size = attributes.size();
        this.time = attributes.lastModifiedTime();
        this.key = attributes.fileKey();
        this.firstSeen = before != null && before.isLike(path, attributes) ? before.firstSeen : now;
        this.readAt = now;
        this.checkedAt = now;
    }

    StaticFile file() {
        return file;
    }

    /** Returns how many bytes of memory it takes. */
    long cost() {
        return size + OVERHEAD;
    }

    /** Returns whether it is sent without a comparison. */
    boolean isFresh(long now) {
        return now - checkedAt < FRESH_NANOS;
    }

    /** Returns whether nothing has changed since it was read. */
    boolean isCurrent(Path real, BasicFileAttributes attributes) {
        return readAt - firstSeen >= SETTLED_NANOS && isLike(real, attributes);
    }

    private boolean isLike(Path real, BasicFileAttributes attributes) {
        return attributes.size() == size
                && attributes.lastModifiedTime().equals(time)
                && Objects.equals(attributes.fileKey(), key)
                && real.equals(path);
    }

    /** It was compared and is current. */
    void checked(long now) {
        checkedAt = now;
    }
}
