/** Health checks that run in the background, and the snapshot of their results that requests read. */
@NullMarked
package io.lynx.health;

import org.jspecify.annotations.NullMarked;
