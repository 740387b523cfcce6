package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteDescription;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.TypedHandler;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes that return orders. An order in the cache is answered from there until it expires, also while the database cannot be
 * reached; {@code Cache-Status} (RFC 9211) shows that. Thread-safe.
 */
final class OrderReading {
    private final OrderRepository orders;
    private final OrderCache cache;
    private final Inventory inventory;

    /**
     * A page of orders.
     *
     * @param orders ascending by id, unless the latest were asked for
     * @param next the path of the next page; null if this is the last
     */
    record Page(List<Order> orders, @Nullable String next) {}

    /**
     * Which page of orders is asked for.
     *
     * @param limit the most orders of the page
     * @param after the id after which the page begins
     * @param latest whether the last orders are asked for, the newest first
     */
    record PageQuery(
            @Doc("The most orders of the page.") @Default("20") @Range(min = "1", max = "100")
            int limit,

            @Doc("The id after which the page begins.") @Default("0") @Range(min = "0")
            long after,

            @Doc("Whether the last orders are returned, the newest first.") @Default("false")
            boolean latest) {}

    OrderReading(OrderRepository orders, OrderCache cache, Inventory inventory) {
        this.orders = orders;
        this.cache = cache;
        this.inventory = inventory;
    }

    void addTo(Routes routes) {
        routes.get(
                        "",
                        RouteOptions.describe(route -> route.summary("A page of orders")),
                        TypedHandler.bind(PageQuery.class).answers(Page.class).by((query, _, _) -> page(query)))
                .get(
                        "/{id}",
                        RouteOptions.describe(route -> describeOne(route).summary("One order")),
                        TypedHandler.request()
                                .answers(Order.class)
                                .by((request, _, response) -> read(request, response)))
                .get(
                        "/{id}/stock",
                        RouteOptions.describe(route -> describeOne(route)
                                .summary("An order beside the stock of its product")
                                .description("While the inventory is down, the stock is UNKNOWN.")),
                        TypedHandler.request()
                                .answers(OrderStock.class)
                                .by((request, _, response) -> inventory.stockFor(read(request, response))));
    }

    private static RouteDescription describeOne(RouteDescription route) {
        return route.path("id", long.class, "The number of the order.").answers(404);
    }

    private Page page(PageQuery query) throws SQLException {
        if (query.latest()) {
            return new Page(orders.latest(query.limit()), null);
        }
        List<Order> found = orders.page(query.after(), query.limit() + 1);
        if (found.size() <= query.limit()) {
            return new Page(found, null);
        }
        List<Order> page = found.subList(0, query.limit());
        return new Page(
                page,
                "/orders?limit=" + query.limit() + "&after=" + page.getLast().id());
    }

    private Order read(Request request, Response response) throws SQLException {
        long id = id(request.path("id"));
        Optional<Order> cached = cache.get(id);
        response.header("Cache-Status", cached.isPresent() ? "orders; hit" : "orders; fwd=miss");
        return orThrow(id, cached.isPresent() ? cached : load(id));
    }

    /**
     * Returns an order, from the cache if it is there.
     *
     * @throws HttpException (404) if it does not exist
     */
    Order read(long id) throws SQLException {
        Optional<Order> cached = cache.get(id);
        return orThrow(id, cached.isPresent() ? cached : load(id));
    }

    private static Order orThrow(long id, Optional<Order> order) {
        return order.orElseThrow(() -> new HttpException(404, "order " + id + " does not exist"));
    }

    private Optional<Order> load(long id) throws SQLException {
        Optional<Order> order = orders.find(id);
        order.ifPresent(cache::put);
        return order;
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new HttpException(404, "order '" + text + "' does not exist");
        }
    }
}
