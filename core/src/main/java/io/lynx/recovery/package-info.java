/** Errors that are recorded, and the recovery of the components that they happen to. */
@NullMarked
package io.lynx.recovery;

import org.jspecify.annotations.NullMarked;
