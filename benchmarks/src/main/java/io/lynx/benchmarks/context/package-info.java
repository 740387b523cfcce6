/** What binding the context of a request costs. */
@NullMarked
package io.lynx.benchmarks.context;

import org.jspecify.annotations.NullMarked;
