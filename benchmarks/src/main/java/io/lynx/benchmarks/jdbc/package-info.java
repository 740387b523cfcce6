/** What the plugin for databases costs, beside the bare pool. */
@NullMarked
package io.lynx.benchmarks.jdbc;

import org.jspecify.annotations.NullMarked;
