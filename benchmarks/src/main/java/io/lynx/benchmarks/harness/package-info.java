/** What the harnesses share: processes of the JVM, samples of a measurement, tables of results. */
@NullMarked
package io.lynx.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
