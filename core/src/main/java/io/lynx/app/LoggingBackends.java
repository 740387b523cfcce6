package io.lynx.app;

import io.lynx.time.Deadline;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the logging backend of the class path and passes the configuration to it. Thread-safe. */
final class LoggingBackends {
    private final Supplier<@Nullable LoggingBackend> search;
    private volatile @Nullable LoggingBackend backend;

    LoggingBackends(Supplier<@Nullable LoggingBackend> search) {
        this.search = search;
    }

    /** Returns the one of the class path; null if there is none. */
    static @Nullable LoggingBackend find() {
        return ServiceLoader.load(LoggingBackend.class).findFirst().orElse(null);
    }

    /** Returns whether there was a backend at the last call of {@link #apply}. */
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

    /** Returns the number of events by level; empty if nothing counts them. */
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
