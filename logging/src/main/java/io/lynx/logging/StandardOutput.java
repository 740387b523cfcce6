package io.lynx.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.lynx.time.Deadline;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.event.KeyValuePair;

/** The appender: formats on the thread that logs, and hands the line to a {@link LineWriter}. */
final class StandardOutput extends UnsynchronizedAppenderBase<ILoggingEvent> {
    static final String NAME = "lynx";
    private static final int CAPACITY = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMillis(100);
    /** Most lines are shorter. */
    private static final int TYPICAL_LINE = 200;

    private final LineWriter writer;
    private volatile LineFormat format;

    StandardOutput(LoggerContext context, OutputStream stream, LineFormat format) {
        this.format = format;
        this.writer = new LineWriter(stream, CAPACITY, PATIENCE, this::droppedNotice);
        setContext(context);
        setName(NAME);
    }

    void format(LineFormat format) {
        this.format = format;
    }

    LineFormat format() {
        return format;
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
        StringBuilder out = new StringBuilder(TYPICAL_LINE);
        format.format(event, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] droppedNotice(long lines) {
        var logger = ((LoggerContext) getContext()).getLogger(StandardOutput.class);
        var event = new LoggingEvent(
                StandardOutput.class.getName(),
                logger,
                Level.WARN,
                "log lines were dropped: standard output was not read, or failed",
                null,
                null);
        event.addKeyValuePair(new KeyValuePair("lines", lines));
        return bytes(event);
    }
}
