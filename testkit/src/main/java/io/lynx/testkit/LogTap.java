package io.lynx.testkit;

import io.lynx.extension.Registration;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Taps the logging back end behind SLF4J. Stateless. */
final class LogTap {
    private static final String LOGBACK = "ch.qos.logback.classic.LoggerContext";
    private static final String JAVA_LOGGING = "org.slf4j.jul.JDK14LoggerFactory";

    private LogTap() {}

    /**
     * Passes each line that the back end accepts to {@code consumer}, on the thread that logs it.
     *
     * @return ends it; null if the back end is not known
     */
    static @Nullable Registration open(Consumer<LogLine> consumer) {
        return switch (backend()) {
            case LOGBACK -> LogbackTap.open(consumer);
            case JAVA_LOGGING -> openJavaLogging(consumer);
            default -> null;
        };
    }

    /** Returns the class behind SLF4J. */
    static String backend() {
        return LoggerFactory.getILoggerFactory().getClass().getName();
    }

    static Registration openJavaLogging(Consumer<LogLine> consumer) {
        Logger root = LogManager.getLogManager().getLogger("");
        Handler handler = new ConsumingHandler(consumer);
        root.addHandler(handler);
        return () -> root.removeHandler(handler);
    }

    private static final class ConsumingHandler extends Handler {
        private final Consumer<LogLine> consumer;
        private final SimpleFormatter formatter = new SimpleFormatter();

        ConsumingHandler(Consumer<LogLine> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void publish(LogRecord line) {
            Throwable thrown = line.getThrown();
            consumer.accept(new LogLine(
                    level(line.getLevel().intValue()),
                    String.valueOf(line.getLoggerName()),
                    formatter.formatMessage(line),
                    java.util.Map.of(),
                    Thread.currentThread().getName(),
                    thrown == null ? null : thrown.toString()));
        }

        private static Level level(int value) {
            if (value >= java.util.logging.Level.SEVERE.intValue()) {
                return Level.ERROR;
            }
            if (value >= java.util.logging.Level.WARNING.intValue()) {
                return Level.WARN;
            }
            if (value >= java.util.logging.Level.INFO.intValue()) {
                return Level.INFO;
            }
            return value >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
