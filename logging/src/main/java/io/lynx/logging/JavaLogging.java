package io.lynx.logging;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redirects {@code java.util.logging}, and with it {@link System.Logger}, to SLF4J. The JDK creates an instance when
 * its logging is first used, so a service that never uses it loads nothing. Thread-safe.
 */
public final class JavaLogging {
    private static final String CONFIG_CLASS = "java.util.logging.config.class";
    private static final String CONFIG_FILE = "java.util.logging.config.file";

    /** Called by the JDK. Replaces the handlers of the root logger. */
    public JavaLogging() {
        var root = LogManager.getLogManager().getLogger("");
        if (root != null) {
            for (Handler handler : root.getHandlers()) {
                root.removeHandler(handler);
            }
            root.setLevel(Level.INFO);
            root.addHandler(new ToSlf4j());
        }
    }

    /** Registers this class with the JDK, unless another class is registered. */
    static void redirect() {
        if (System.getProperty(CONFIG_CLASS) == null && System.getProperty(CONFIG_FILE) == null) {
            System.setProperty(CONFIG_CLASS, "io.lynx.logging.JavaLogging");
        }
    }

    private static final class ToSlf4j extends Handler {
        private final Formatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord event) {
            String name = event.getLoggerName();
            Logger logger = LoggerFactory.getLogger(name == null || name.isEmpty() ? "java.util.logging" : name);
            logger.atLevel(level(event.getLevel().intValue()))
                    .setCause(event.getThrown())
                    .log("{}", formatter.formatMessage(event));
        }

        private static org.slf4j.event.Level level(int level) {
            if (level >= Level.SEVERE.intValue()) {
                return org.slf4j.event.Level.ERROR;
            }
            if (level >= Level.WARNING.intValue()) {
                return org.slf4j.event.Level.WARN;
            }
            if (level >= Level.INFO.intValue()) {
                return org.slf4j.event.Level.INFO;
            }
            return level >= Level.FINE.intValue() ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.TRACE;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
