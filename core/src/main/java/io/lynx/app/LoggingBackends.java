package io.lynx.app;

import io.lynx.time.Deadline;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The logging backend of the class path, if there is one that can be told what to do. Thread-safe. */
final class LoggingBackends {
    private final Supplier<@Nullable LoggingBackend> search;
    private volatile @Nullable LoggingBackend backend;

    LoggingBackends(Supplier<@Nullable LoggingBackend> search) {
        this.search = search;
    }

    /** That of the class path. */
    static @Nullable LoggingBackend find() {
        return ServiceLoader.load(LoggingBackend.class).findFirst().orElse(null);
    }

    /** Whether there was a backend when {@link #apply} was called last. */
    boolean arePresent() {
        return backend != null;
    }

    void apply(LogConfig config) {
        LoggingBackend known = backend;
        LoggingBackend found = known == null ? search.get() : known;
        backend = found;
        if (found != null) {
            found.apply(config);
        }
    }

    /** How many events were logged, by level; none if there is no backend that counts. */
    Map<LogLevel, Long> counts() {
        LoggingBackend asked = backend;
        return asked == null ? Map.of() : asked.counts();
    }

    /** Waits until the lines that were logged before have left the process, or until the deadline has passed. */
    void flush(Deadline deadline) {
        LoggingBackend flushed = backend;
        if (flushed != null) {
            boolean _ = flushed.flush(deadline);
        }
    }
}
