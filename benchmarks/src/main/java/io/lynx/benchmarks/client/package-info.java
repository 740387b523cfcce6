/** The HTTP client beside others, and with backends that fail. */
@NullMarked
package io.lynx.benchmarks.client;

import org.jspecify.annotations.NullMarked;
