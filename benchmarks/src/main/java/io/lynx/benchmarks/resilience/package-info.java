/** Circuit breakers side by side with their peers, and under stress. */
@NullMarked
package io.lynx.benchmarks.resilience;

import org.jspecify.annotations.NullMarked;
