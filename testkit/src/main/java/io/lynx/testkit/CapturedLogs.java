package io.lynx.testkit;

import io.lynx.extension.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The lines that a test's application logged and that its logging configuration let pass. Lines that threads of another {@link
 * LynxTest} log are left out. Thread-safe.
 */
public final class CapturedLogs {
    private final List<LogLine> all = new CopyOnWriteArrayList<>();
    private volatile boolean isUnavailable;

    CapturedLogs() {}

    /** Begins to capture; the result ends it. */
    Registration begin(TestLoader loader) {
        @Nullable
        Registration tap = LogTap.open(line -> {
            if (!loader.isOfAnother(Thread.currentThread())) {
                all.add(line);
            }
        });
        isUnavailable = tap == null;
        return tap == null ? () -> {} : tap;
    }

    /**
     * Returns all lines.
     *
     * @throws IllegalStateException if the back end of SLF4J is one that cannot be captured
     */
    public List<LogLine> all() {
        if (isUnavailable) {
            throw new IllegalStateException("log lines: cannot be captured from " + LogTap.backend()
                    + "; add lynx-logging, Logback or slf4j-jdk14 to the test's class path");
        }
        return List.copyOf(all);
    }

    /** Returns the lines of this level and of higher ones. */
    public List<LogLine> atLeast(Level level) {
        return all().stream()
                .filter(line -> line.level().toInt() >= level.toInt())
                .toList();
    }

    /** Returns the lines whose message contains a text. */
    public List<LogLine> containing(String text) {
        return all().stream().filter(line -> line.message().contains(text)).toList();
    }

    /**
     * Waits for a line whose message contains a text, and returns it.
     *
     * @throws AssertionError if there is none within {@link Await#PATIENCE}
     */
    public LogLine await(String text) {
        return Await.value(
                "'" + text + "' is logged", () -> containing(text).stream().findFirst());
    }

    /** Forgets what was captured. */
    public void clear() {
        all.clear();
    }
}
