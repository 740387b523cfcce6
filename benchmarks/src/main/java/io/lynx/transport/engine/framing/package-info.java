/** Benchmarks of internals of the transport, in its package to reach them. */
@NullMarked
package io.lynx.transport.engine.framing;

import org.jspecify.annotations.NullMarked;
