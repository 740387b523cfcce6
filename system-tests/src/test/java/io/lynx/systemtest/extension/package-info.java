/** Calls every extension point of the framework with hostile code. */
@NullMarked
package io.lynx.systemtest.extension;

import org.jspecify.annotations.NullMarked;
