/** Stress tests of package-private classes. */
@NullMarked
package io.lynx.recovery;

import org.jspecify.annotations.NullMarked;
