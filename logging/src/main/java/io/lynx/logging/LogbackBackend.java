package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.lynx.app.LogConfig;
import io.lynx.app.LogFormat;
import io.lynx.app.LogLevel;
import io.lynx.app.LoggingBackend;
import io.lynx.time.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The {@link LoggingBackend} on Logback. If the service has a {@code logback.xml}, that determines the format, and
 * configured levels override its levels; that of the root only if it differs from the default. If SLF4J is bound to
 * another provider, the constructor throws, and its message gives the remedy. Thread-safe.
 */
public final class LogbackBackend implements LoggingBackend {
    /**
     * Loggers of libraries that say too much at INFO. Netty's writes a line for each frame that a client sends on a stream which was reset,
     * so that clients could fill the log. Kafka's write all properties of each client. The pool of connections warns of each connection
     * that an outage breaks, which the plugin of the database reports.
     */
    private static final Map<String, Level> QUIETER = Map.of(
            "io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder", Level.WARN,
            "com.zaxxer.hikari", Level.WARN,
            "com.zaxxer.hikari.pool.PoolBase", Level.ERROR,
            "com.zaxxer.hikari.pool.ProxyConnection", Level.ERROR,
            "org.apache.kafka", Level.WARN,
            "org.flywaydb", Level.WARN);

    private final LoggerContext context;
    private final LevelCounts counts;

    /**
     * The loggers whose level was set here, with the level that each had before, for example from a {@code
     * logback.xml}.
     */
    private final Map<String, @Nullable Level> given = new HashMap<>();

    /**
     * Called by {@link java.util.ServiceLoader}.
     *
     * @throws IllegalStateException if SLF4J is bound to another provider
     */
    public LogbackBackend() {
        this(logback(LoggerFactory.getILoggerFactory()));
    }

    LogbackBackend(LoggerContext context) {
        this.context = context;
        this.counts = LevelCounts.of(context);
    }

    private static LoggerContext logback(ILoggerFactory factory) {
        if (factory instanceof LoggerContext logback) {
            return logback;
        }
        throw new IllegalStateException("logging: SLF4J is bound to "
                + factory.getClass().getName() + "; remove that provider, or lynx-logging, from the class path");
    }

    @Override
    public void apply(LogConfig config) {
        Optional<StandardOutput> output = output();
        synchronized (given) {
            given.forEach((name, before) -> logger(name).setLevel(before));
            given.clear();
            // The default was not set by the user, so it does not override the root's level in a logback.xml.
            if (output.isPresent() || config.level() != LogLevel.INFO) {
                give(Logger.ROOT_LOGGER_NAME, level(config.level()));
            }
            if (output.isPresent() && config.level() == LogLevel.INFO) {
                QUIETER.forEach((name, level) -> {
                    if (config.levels().keySet().stream().noneMatch(name::startsWith)) {
                        give(name, level);
                    }
                });
            }
            config.levels().forEach((name, level) -> give(name, level(level)));
        }
        output.ifPresent(standard -> standard.format(format(config.format(), Terminal.detect())));
    }

    private void give(String name, @Nullable Level level) {
        Logger logger = logger(name);
        if (!given.containsKey(logger.getName())) {
            given.put(logger.getName(), logger.getLevel());
        }
        logger.setLevel(level);
    }

    private static LineFormat format(LogFormat format, Terminal terminal) {
        return switch (format) {
            case AUTO -> format(terminal.present() ? LogFormat.TEXT : LogFormat.JSON, terminal);
            case TEXT -> TextFormat.on(terminal);
            case JSON -> new JsonFormat();
        };
    }

    @Override
    public LogLevel level(String logger) {
        return level(logger(logger).getEffectiveLevel());
    }

    @Override
    public void setLevel(String logger, @Nullable LogLevel level) {
        Logger target = logger(logger);
        if (level == null && isRoot(target)) {
            throw new IllegalArgumentException(
                    "log level of the root: missing; one of off, error, warn, info, debug, trace");
        }
        synchronized (given) {
            give(target.getName(), level == null ? null : level(level));
        }
    }

    @Override
    public Map<String, LogLevel> levels() {
        Map<String, LogLevel> levels = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null) {
                levels.put(isRoot(logger) ? "" : logger.getName(), level(logger.getLevel()));
            }
        }
        return levels;
    }

    @Override
    public Map<LogLevel, Long> counts() {
        return counts.counts();
    }

    @Override
    public boolean flush(Deadline deadline) {
        return output().map(output -> output.flush(deadline)).orElse(true);
    }

    @Override
    public boolean close(Deadline deadline) {
        Optional<StandardOutput> output = output();
        return output.isPresent() ? output.get().close(deadline) : stopContext(deadline);
    }

    /** Stops the appenders of a {@code logback.xml}; asynchronous ones write their queues only then. */
    private boolean stopContext(Deadline deadline) {
        Thread stopper = Thread.ofPlatform().name("lynx-log-stop").daemon().start(context::stop);
        try {
            return stopper.join(deadline.remaining());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Optional<StandardOutput> output() {
        return root().getAppender(StandardOutput.NAME) instanceof StandardOutput output
                ? Optional.of(output)
                : Optional.empty();
    }

    private Logger root() {
        return context.getLogger(Logger.ROOT_LOGGER_NAME);
    }

    private Logger logger(String name) {
        return name.isEmpty() ? root() : context.getLogger(name);
    }

    private static boolean isRoot(Logger logger) {
        return logger.getName().equals(Logger.ROOT_LOGGER_NAME);
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case OFF -> Level.OFF;
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }

    private static LogLevel level(Level level) {
        return switch (level.toInt()) {
            case Level.OFF_INT -> LogLevel.OFF;
            case Level.ERROR_INT -> LogLevel.ERROR;
            case Level.WARN_INT -> LogLevel.WARN;
            case Level.INFO_INT -> LogLevel.INFO;
            case Level.DEBUG_INT -> LogLevel.DEBUG;
            default -> LogLevel.TRACE;
        };
    }
}
