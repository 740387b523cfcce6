package io.lynx.http.engine.files;

import io.lynx.time.Ticker;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The small files of a directory that are in memory, by the paths that clients name, and the variants of files that do not exist. If
 * there is no room for a file, those that were not sent in the last second leave, at most once a second; if there is still none, the file
 * is not kept. Thread-safe.
 */
final class HeldFiles {
    private static final int MOST_ABSENT = 4096;

    private final Ticker ticker;
    private final MemoryShare memory;
    private final Map<String, HeldFile> files = new ConcurrentHashMap<>();
    private final Map<String, Long> absent = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;

    HeldFiles(Ticker ticker, MemoryShare memory) {
        this.ticker = ticker;
        this.memory = memory;
        this.sweptAt = new AtomicLong(ticker.nanos() - HeldFile.FRESH_NANOS);
    }

    long now() {
        return ticker.nanos();
    }

    @Nullable
    HeldFile get(String path) {
        return files.get(path);
    }

    void put(String path, HeldFile file) {
        remove(path);
        if (!memory.take(file.cost())) {
            sweep(now());
            if (!memory.take(file.cost())) {
                return;
            }
        }
        HeldFile before = files.put(path, file);
        if (before != null) {
            memory.release(before.cost());
        }
    }

    void remove(String path) {
        HeldFile before = files.remove(path);
        if (before != null) {
            memory.release(before.cost());
        }
    }

    /** Files that are requested are compared once a second, so one that is not fresh has not been requested. */
    private void sweep(long now) {
        long last = sweptAt.get();
        if (now - last < HeldFile.FRESH_NANOS || !sweptAt.compareAndSet(last, now)) {
            return;
        }
        files.forEach((path, file) -> {
            if (!file.isFresh(now) && files.remove(path, file)) {
                memory.release(file.cost());
            }
        });
    }

    /** Returns whether a variant did not exist within the last second. */
    boolean isAbsent(String path) {
        Long since = absent.get(path);
        return since != null && now() - since < HeldFile.FRESH_NANOS;
    }

    /** A variant of a file that exists did not exist at {@code now}. No client can fill this. */
    void absent(String path, long now) {
        if (absent.size() >= MOST_ABSENT) {
            absent.clear();
        }
        absent.put(path, now);
    }
}
