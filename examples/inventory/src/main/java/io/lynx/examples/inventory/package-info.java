/**
 * The service that the orders example calls: how many pieces of an item are in stock.
 *
 * <p>Begin at {@link io.lynx.examples.inventory.Main}.
 */
@NullMarked
package io.lynx.examples.inventory;

import org.jspecify.annotations.NullMarked;
