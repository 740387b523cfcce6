package io.lynx.systemtest.extension;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Keeps the warnings and errors of this process while it is open. Thread-safe. */
final class LogRecords extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private LogRecords() {}

    /** Begins to keep them. */
    static LogRecords open() {
        LogRecords records = new LogRecords();
        records.setContext(records.root.getLoggerContext());
        records.start();
        records.root.addAppender(records);
        return records;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + event.getThreadName() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    }

    /** Returns whether one of them contains both texts. */
    boolean name(String text, String other) {
        return lines.stream().anyMatch(line -> line.contains(text) && line.contains(other));
    }

    /** Returns whether one of them contains {@code text}. */
    boolean name(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }

    /** Returns how many of them contain {@code text}. */
    long count(String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }

    /** Returns the first lines of the last records, for messages. */
    String last(int count) {
        return lines.reversed().stream()
                .limit(count)
                .map(line -> line.lines().findFirst().orElse(""))
                .collect(Collectors.joining("\n"));
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        boolean _ = root.detachAppender(this);
        stop();
    }
}
