/** Stress tests that look at what a package keeps to itself. */
@NullMarked
package io.lynx.recovery;

import org.jspecify.annotations.NullMarked;
