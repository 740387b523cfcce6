/** Stress tests of package-private classes. */
@NullMarked
package io.lynx.event;

import org.jspecify.annotations.NullMarked;
