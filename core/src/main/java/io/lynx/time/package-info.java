/** Monotonic time, deadlines and scheduling. All code of the framework that waits uses this package. */
@NullMarked
package io.lynx.time;

import org.jspecify.annotations.NullMarked;
