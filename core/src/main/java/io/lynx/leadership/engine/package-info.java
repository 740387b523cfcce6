/** The engine of leaderships: when a lease is acquired, renewed and lost, and how actions are called. Internal to Lynx. */
@NullMarked
package io.lynx.leadership.engine;

import org.jspecify.annotations.NullMarked;
