@NullMarked
package io.lynx.resilience;

import org.jspecify.annotations.NullMarked;
