/** How many events an outbox passes on. */
@NullMarked
package io.lynx.benchmarks.outbox;

import org.jspecify.annotations.NullMarked;
