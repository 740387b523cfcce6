/** Health pages while many checks hang. */
@NullMarked
package io.lynx.benchmarks.health;

import org.jspecify.annotations.NullMarked;
