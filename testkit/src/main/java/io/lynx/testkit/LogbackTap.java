package io.lynx.testkit;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.lynx.extension.Registration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** Taps Logback. Loaded only where Logback is the back end; thread-safe. */
final class LogbackTap extends AppenderBase<ILoggingEvent> {
    private final Consumer<LogLine> consumer;

    private LogbackTap(Consumer<LogLine> consumer) {
        this.consumer = consumer;
    }

    static Registration open(Consumer<LogLine> consumer) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        LogbackTap tap = new LogbackTap(consumer);
        tap.setName("lynx-test");
        tap.setContext(context);
        tap.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(tap);
        return () -> {
            boolean _ = root.detachAppender(tap);
        };
    }

    @Override
    protected void append(ILoggingEvent event) {
        Map<String, String> values = new LinkedHashMap<>();
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                values.put(String.valueOf(pair.key), String.valueOf(pair.value));
            }
        }
        consumer.accept(new LogLine(
                Level.valueOf(event.getLevel().toString()),
                event.getLoggerName(),
                String.valueOf(event.getFormattedMessage()),
                values,
                event.getThreadName(),
                describe(event.getThrowableProxy())));
    }

    private static @Nullable String describe(@Nullable IThrowableProxy thrown) {
        return thrown == null ? null : thrown.getClassName() + ": " + thrown.getMessage();
    }
}
