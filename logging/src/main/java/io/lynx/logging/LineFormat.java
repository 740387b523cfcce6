package io.lynx.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Formats an event as a line, its end-of-line included. Implementations are immutable and thread-safe. */
sealed interface LineFormat permits TextFormat, JsonFormat {
    /** Adds the event to {@code out}. */
    void format(ILoggingEvent event, StringBuilder out);
}
