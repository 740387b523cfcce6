/** Benchmarks of starts and stops: of graphs of plugins in one JVM, and of a service as a process. */
@NullMarked
package io.lynx.benchmarks.lifecycle;

import org.jspecify.annotations.NullMarked;
