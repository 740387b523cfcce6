/** What recording an error costs the thread that does it. */
@NullMarked
package io.lynx.benchmarks.recovery;

import org.jspecify.annotations.NullMarked;
