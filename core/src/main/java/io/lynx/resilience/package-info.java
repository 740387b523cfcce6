/** Circuit breakers and the other policies around a call. */
@NullMarked
package io.lynx.resilience;

import org.jspecify.annotations.NullMarked;
