/**
 * Lines on standard output: how they look, who writes them, and how they are told what to say.
 *
 * <p>A thread that logs formats its line itself and puts it into a bounded buffer; one thread writes the buffer out. When
 * nobody reads standard output and the buffer is full, lines are dropped and counted rather than the service stopped:
 * see {@link io.lynx.logging.LineWriter}.
 */
@NullMarked
package io.lynx.logging;

import org.jspecify.annotations.NullMarked;
