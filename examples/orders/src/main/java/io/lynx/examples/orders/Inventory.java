package io.lynx.examples.orders;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpClient;
import io.lynx.http.client.HttpStatusException;
import io.lynx.resilience.CallRejectedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the service {@code inventory}. Its limits and policies are those of {@code lynx.clients.inventory}. Without a
 * usable answer the stock is unknown, which is an answer too: orders do not depend on the inventory. Thread-safe.
 */
final class Inventory {
    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    private final @Nullable HttpClient client;

    private record StockReply(String item, int available) {}

    /** Creates it with the client of the service; null if there is no such service. */
    Inventory(@Nullable HttpClient client) {
        this.client = client;
    }

    OrderStock stockFor(Order order) {
        return client == null ? OrderStock.unknown(order) : call(client, order);
    }

    private static OrderStock call(HttpClient inventory, Order order) {
        try {
            StockReply stock =
                    inventory.get("/stock").query("item", order.product()).fetch(StockReply.class);
            LOG.atDebug().addKeyValue("order", order.id()).log("Stock is known");
            return OrderStock.of(order, stock.available());
        } catch (HttpCallException | HttpStatusException | CallRejectedException e) {
            LOG.atDebug()
                    .addKeyValue("order", order.id())
                    .addKeyValue("cause", e.getMessage())
                    .log("Stock is unknown");
            return OrderStock.unknown(order);
        }
    }
}
