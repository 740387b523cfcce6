/**
 * An order service: routes over an embedded database, with a cache, a background worker and a switchable fault.
 *
 * <p>Begin at {@link io.lynx.examples.orders.Main}. Each plugin owns one resource and shares it by a typed key. The
 * database holds the orders permanently: if the cache evicts one or the worker's queue overflows, nothing is lost.
 */
@NullMarked
package io.lynx.examples.orders;

import org.jspecify.annotations.NullMarked;
