package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Events of known content, all at the same instant. */
final class Events {
    private final LoggerContext context = new LoggerContext();

    Events() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    LoggingEvent event(Level level, String logger, String message, @Nullable Throwable thrown) {
        return event(level, logger, message, thrown, "main");
    }

    LoggingEvent event(Level level, String logger, String message, @Nullable Throwable thrown, String thread) {
        var event = new LoggingEvent("here", context.getLogger(logger), level, message, thrown, null);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.006Z"));
        event.setThreadName(thread);
        event.setMDCPropertyMap(Map.of());
        return event;
    }

    LoggingEvent info(String message) {
        return event(Level.INFO, "io.lynx.app.Application", message, null);
    }

    static LoggingEvent with(LoggingEvent event, String key, @Nullable Object value) {
        event.addKeyValuePair(new KeyValuePair(key, value));
        return event;
    }

    /** An exception whose stack trace has one known frame. */
    static <T extends Throwable> T withOneFrame(T thrown) {
        thrown.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 7)});
        return thrown;
    }
}
