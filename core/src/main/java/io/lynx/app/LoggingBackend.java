package io.lynx.app;

import io.lynx.time.Deadline;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind SLF4J in this process and can be told what to log: found by {@link java.util.ServiceLoader}, and
 * shared by all applications of the JVM. Thread-safe.
 */
public interface LoggingBackend {
    /**
     * Takes over a configuration, in place of the one given before: levels that were set by that one, or by
     * {@link #setLevel}, and are not in this one are inherited again. May be called at any time.
     */
    void apply(LogConfig config);

    /**
     * The level that holds for a logger, its own or inherited.
     *
     * @param logger its name; empty for the root
     */
    LogLevel level(String logger);

    /**
     * Gives a logger a level until the next {@link #apply}.
     *
     * @param logger its name; empty for the root
     * @param level null to inherit
     * @throws IllegalArgumentException if the root is to inherit
     */
    void setLevel(String logger, @Nullable LogLevel level);

    /** The loggers that have a level of their own, by name and in that order; the root is the empty name. */
    Map<String, LogLevel> levels();

    /**
     * How many events it was given to write since it took over, by level: those that no logger's level has held back. Of
     * the whole process, which is why applications of one JVM see the same numbers. None if it does not count.
     */
    default Map<LogLevel, Long> counts() {
        return Map.of();
    }

    /**
     * Waits until all that was logged before the call has left the process.
     *
     * @return whether that came about before the deadline
     */
    boolean flush(Deadline deadline);

    /**
     * The process is about to end: flushes, and from now on a line has left the process when the call that logs it
     * returns. Idempotent.
     *
     * @return whether everything had left before the deadline
     */
    boolean close(Deadline deadline);
}
