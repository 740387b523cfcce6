/** What the plugin for Redis costs, beside the bare client. */
@NullMarked
package io.lynx.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
