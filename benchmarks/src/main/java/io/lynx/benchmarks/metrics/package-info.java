/** What it costs to record metrics and to answer a scrape, beside the libraries that others use. */
@NullMarked
package io.lynx.benchmarks.metrics;

import org.jspecify.annotations.NullMarked;
