/** Stress tests of package-private classes. */
@NullMarked
package io.lynx.recovery.run;

import org.jspecify.annotations.NullMarked;
