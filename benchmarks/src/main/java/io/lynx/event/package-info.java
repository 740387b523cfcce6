/** Stress tests that look at what a package keeps to itself. */
@NullMarked
package io.lynx.event;

import org.jspecify.annotations.NullMarked;
