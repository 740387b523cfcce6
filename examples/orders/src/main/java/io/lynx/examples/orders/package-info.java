/**
 * An order service: routes over an embedded database, with a cache, a background worker and a switchable fault.
 *
 * <p>Begin at {@link io.lynx.examples.orders.Main}; each plugin owns one thing and shares it by a typed key. The orders
 * in the database are the truth: the cache may forget and the worker's queue may overflow, and nothing is lost.
 */
@NullMarked
package io.lynx.examples.orders;

import org.jspecify.annotations.NullMarked;
