/** Benchmarks of recording metrics and answering a scrape, compared with other libraries. */
@NullMarked
package io.lynx.benchmarks.metrics;

import org.jspecify.annotations.NullMarked;
