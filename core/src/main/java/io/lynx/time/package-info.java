/** Monotonic time, deadlines and scheduling; everything that waits gets its time from here. */
@NullMarked
package io.lynx.time;

import org.jspecify.annotations.NullMarked;
