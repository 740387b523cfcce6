/**
 * The engine behind plugins: their graph, their states, and the parallel runs that start, stop and restart them. Coordinators
 * and deadlines run on platform threads, so that they work when all carriers of virtual threads are busy.
 */
@NullMarked
package io.lynx.container;

import org.jspecify.annotations.NullMarked;
