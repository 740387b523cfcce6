/** The event bus beside its peers. */
@NullMarked
package io.lynx.benchmarks.event;

import org.jspecify.annotations.NullMarked;
