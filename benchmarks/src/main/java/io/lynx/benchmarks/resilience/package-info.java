/** Benchmarks of circuit breakers, compared with their peers, and stress tests. */
@NullMarked
package io.lynx.benchmarks.resilience;

import org.jspecify.annotations.NullMarked;
