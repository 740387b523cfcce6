package io.lynx.examples.inventory;

import io.lynx.config.Doc;
import java.util.Map;

/**
 * The section {@code inventory}.
 *
 * @param items the number of pieces of each item
 */
record InventoryConfig(
        @Doc("The number of pieces in stock, by the name of the item.")
        Map<String, Integer> items) {
    InventoryConfig {
        items = Map.copyOf(items);
        items.forEach((item, pieces) -> {
            if (pieces < 0) {
                throw new IllegalArgumentException("items: '" + item + "' has " + pieces + " pieces; 0 or more");
            }
        });
    }
}
