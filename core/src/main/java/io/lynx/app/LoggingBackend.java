package io.lynx.app;

import io.lynx.time.Deadline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The logging implementation behind SLF4J, as the framework configures it. It is found by {@link java.util.ServiceLoader} and
 * shared by all applications of the JVM. Implementations must be thread-safe.
 */
public interface LoggingBackend {
    /**
     * Applies a configuration in place of the previous one. Levels that the previous one or {@link #setLevel} has set, and that
     * this one does not contain, are inherited again. May be called at any time.
     */
    void apply(LogConfig config);

    /**
     * Returns the level of a logger, its own or inherited.
     *
     * @param logger the name of the logger; empty for the root
     */
    LogLevel level(String logger);

    /**
     * Sets the level of a logger until the next {@link #apply}.
     *
     * @param logger the name of the logger; empty for the root
     * @param level the level; null to inherit it
     * @throws IllegalArgumentException if {@code level} is null for the root
     */
    void setLevel(String logger, @Nullable LogLevel level);

    /** Returns the levels of the loggers that have one of their own, ordered by name; the root has the empty name. */
    Map<String, LogLevel> levels();

    /**
     * Returns the number of events that passed the levels of their loggers, by level. It counts for the whole process, so
     * applications of one JVM see the same numbers. Empty if the implementation does not count.
     */
    default Map<LogLevel, Long> counts() {
        return Map.of();
    }

    /**
     * Waits until everything that was logged before the call has left the process.
     *
     * @return whether that happened before the deadline
     */
    boolean flush(Deadline deadline);

    /**
     * Flushes, since the process is about to exit. From now on, a line has left the process when the call that logs it returns.
     * Idempotent.
     *
     * @return whether everything had left before the deadline
     */
    boolean close(Deadline deadline);
}
