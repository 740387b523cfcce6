/** Errors that were recorded, and what is done about them. */
@NullMarked
package io.lynx.recovery;

import org.jspecify.annotations.NullMarked;
