/** How long starts and stops take: of graphs of plugins in one JVM, and of a service as a process. */
@NullMarked
package io.lynx.benchmarks.lifecycle;

import org.jspecify.annotations.NullMarked;
