/**
 * Writes log lines to standard output: their formats, the thread that writes them, and the configuration of Logback.
 *
 * <p>A thread that logs formats its line itself and puts it into a bounded buffer; one thread writes the buffer out.
 * When the buffer is full because nothing reads standard output, lines are dropped and counted, so that the service
 * does not block: see {@link io.lynx.logging.LineWriter}.
 */
@NullMarked
package io.lynx.logging;

import org.jspecify.annotations.NullMarked;
