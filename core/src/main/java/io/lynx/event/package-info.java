/**
 * The event bus: typed topics, a bounded queue and a virtual thread for each subscriber, and an account of every event.
 * Usable without the rest of the framework; start at {@link io.lynx.event.Events}.
 */
@NullMarked
package io.lynx.event;

import org.jspecify.annotations.NullMarked;
