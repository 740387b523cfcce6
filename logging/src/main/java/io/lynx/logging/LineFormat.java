package io.lynx.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;

/** Turns an event into what is written, end-of-line included. Implementations are immutable and thread-safe. */
sealed interface LineFormat permits TextFormat, JsonFormat {
    /** Adds the event to {@code out}. */
    void format(ILoggingEvent event, StringBuilder out);
}
