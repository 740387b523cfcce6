/** Health checks, run in the background, and the snapshot that requests read. */
@NullMarked
package io.lynx.health;

import org.jspecify.annotations.NullMarked;
