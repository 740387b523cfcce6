package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** The appender: formats an event on the thread that logs, and passes the line to a {@link LineWriter}. Thread-safe. */
final class StandardOutput extends UnsynchronizedAppenderBase<ILoggingEvent> implements LineWriter.Notice {
    static final String NAME = "lynx";
    private static final int CAPACITY = 1 << 20;
    /** Longer than a busy machine delays a reader, so that lines are dropped only if nothing reads. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** The initial size of a line's buffer; most lines are shorter. */
    private static final int TYPICAL_LINE = 500;

    private final LineWriter writer;
    private volatile @Nullable LineFormat format;

    /**
     * Creates an output on {@code stream}. Without a format, it creates the text format if a line arrives before the
     * configuration.
     */
    StandardOutput(LoggerContext context, OutputStream stream, @Nullable LineFormat format) {
        this.format = format;
        this.writer = new LineWriter(stream, CAPACITY, PATIENCE, this);
        setContext(context);
        setName(NAME);
    }

    void format(LineFormat format) {
        this.format = format;
    }

    boolean flush(Deadline deadline) {
        return writer.flush(deadline);
    }

    boolean close(Deadline deadline) {
        return writer.close(deadline);
    }

    @Override
    protected void append(ILoggingEvent event) {
        writer.append(bytes(event));
    }

    private byte[] bytes(ILoggingEvent event) {
        LineFormat format = this.format;
        if (format == null) {
            format = TextFormat.on(Terminal.detect());
            this.format = format;
        }
        StringBuilder out = new StringBuilder(TYPICAL_LINE);
        format(format, event, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Formats {@code event}; if that throws, formats the parts that can be read. The caller receives no exception. */
    @SuppressWarnings("CatchingUnchecked") // Values, markers and exceptions of an event are user code.
    private static void format(LineFormat format, ILoggingEvent event, StringBuilder out) {
        try {
            format.format(event, out);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            out.setLength(0);
            format.format(remains(event, failure), out);
        }
    }

    private static LoggingEvent remains(ILoggingEvent event, Throwable failure) {
        LoggingEvent remains = new LoggingEvent();
        remains.setLevel(event.getLevel());
        remains.setLoggerName(event.getLoggerName());
        remains.setThreadName(event.getThreadName());
        remains.setInstant(event.getInstant());
        remains.setMDCPropertyMap(Map.of());
        remains.setMessage(event.getMessage());
        remains.addKeyValuePair(
                new KeyValuePair("not_formatted", failure.getClass().getName()));
        return remains;
    }

    @Override
    public byte[] line(long dropped) {
        var logger = ((LoggerContext) getContext()).getLogger(StandardOutput.class);
        var event = new LoggingEvent(
                StandardOutput.class.getName(),
                logger,
                Level.WARN,
                "log lines were dropped: standard output was not read, or failed",
                null,
                null);
        event.addKeyValuePair(new KeyValuePair("lines", dropped));
        return bytes(event);
    }
}
