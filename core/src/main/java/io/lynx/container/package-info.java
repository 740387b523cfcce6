/** The engine behind plugins: their graph, their states, and the parallel runs that start, stop and restart them. */
@NullMarked
package io.lynx.container;

import org.jspecify.annotations.NullMarked;
