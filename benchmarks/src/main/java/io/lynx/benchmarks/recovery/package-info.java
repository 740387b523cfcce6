/** Benchmarks of recording errors. */
@NullMarked
package io.lynx.benchmarks.recovery;

import org.jspecify.annotations.NullMarked;
