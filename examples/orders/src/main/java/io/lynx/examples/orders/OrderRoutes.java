package io.lynx.examples.orders;

import io.lynx.config.Default;
import io.lynx.config.Range;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.StandardInterceptors;
import io.lynx.resilience.CallRejectedException;
import io.lynx.resilience.RateLimiter;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places and returns orders. A handler may block, since each request has a virtual thread.
 *
 * <p>While the database cannot be reached, or its circuit breaker is open, the answer is 503 with {@code Retry-After}.
 * An order in the cache is answered from there until it expires; {@code Cache-Status} (RFC 9211) shows that.
 */
final class OrderRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(OrderRoutes.class);
    private static final int MOST_WATCHERS = 1_000;
    private static final EventHeaders HEADERS = EventHeaders.NONE.withSource("orders");
    private static final Map<String, String> RETRY = Map.of("Retry-After", "2");

    private final OrderRepository orders;
    private final OrderCache cache;
    private final Inventory inventory;
    private final OrderFiles files;
    private final OrderChanges changes;
    private final EventBuses events;
    private final PlacedOrders placed;
    private final RateLimiter placing;
    private final InstantSource clock;

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
            @Default("20") @Range(min = "1", max = "100") int limit,
            @Default("0") @Range(min = "0") long after,
            @Default("false") boolean latest) {}

    OrderRoutes(
            OrderRepository orders,
            OrderCache cache,
            Inventory inventory,
            OrderFiles files,
            OrderChanges changes,
            EventBuses events,
            PlacedOrders placed,
            RateLimiter placing,
            InstantSource clock) {
        this.orders = orders;
        this.cache = cache;
        this.inventory = inventory;
        this.files = files;
        this.changes = changes;
        this.events = events;
        this.placed = placed;
        this.placing = placing;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.intercept(OrderRoutes::answerUnavailable)
                .get("", this::list)
                .get("/{id}", this::show)
                .get("/{id}/stock", this::showStock)
                .post("", placing(), this::place)
                .get("/changes", watching(), changes::stream)
                .get("/export", files::exportOrders)
                .post("/import", files::importOrders);
    }

    private RouteOptions placing() {
        return RouteOptions.defaults().withInterceptor("placed-orders", placed);
    }

    private static RouteOptions watching() {
        return RouteOptions.defaults()
                .withInterceptor(
                        StandardInterceptors.CONCURRENCY_LIMIT, StandardInterceptors.concurrencyLimit(MOST_WATCHERS));
    }

    private static void answerUnavailable(Request request, Response response, HttpHandler next) throws Exception {
        try {
            next.handle(request, response);
        } catch (SQLException e) {
            if (e.getCause() instanceof CallRejectedException refused) {
                throw refused;
            }
            if (DatabaseErrors.isUnavailable(e)) {
                throw new HttpException(503, "the database is not available; try again", RETRY, e);
            }
            throw e;
        }
    }

    private void list(Request request, Response response) throws SQLException {
        PageQuery query = request.bind(PageQuery.class);
        if (query.latest()) {
            response.json(new Page(orders.latest(query.limit()), null));
            return;
        }
        List<Order> found = orders.page(query.after(), query.limit() + 1);
        boolean isLast = found.size() <= query.limit();
        List<Order> page = isLast ? found : found.subList(0, query.limit());
        String next = isLast
                ? null
                : "/orders?limit=" + query.limit() + "&after=" + page.getLast().id();
        response.json(new Page(page, next));
    }

    private void show(Request request, Response response) throws SQLException {
        response.json(read(request, response));
    }

    /** Shows an order beside the stock of its product. Only the stock is unknown while the inventory is down. */
    private void showStock(Request request, Response response) throws SQLException {
        response.json(inventory.stockFor(read(request, response)));
    }

    private Order read(Request request, Response response) throws SQLException {
        long id = id(request.path("id"));
        Optional<Order> cached = cache.get(id);
        response.header("Cache-Status", cached.isPresent() ? "orders; hit" : "orders; fwd=miss");
        Optional<Order> order = cached.isPresent() ? cached : load(id);
        return order.orElseThrow(() -> new HttpException(404, "order " + id + " does not exist"));
    }

    private Optional<Order> load(long id) throws SQLException {
        Optional<Order> order = orders.find(id);
        order.ifPresent(cache::put);
        return order;
    }

    /** Places an order. Above the rate limit, the server answers 429 with {@code Retry-After}. */
    private void place(Request request, Response response) throws SQLException, InterruptedException {
        placing.acquire();
        NewOrder.Valid valid = request.json(NewOrder.class).validated();
        Order order = orders.place(valid, clock.instant());
        LOG.atDebug().addKeyValue("order", order.id()).log("Order was placed");
        var _ = events.publish(OrderEvents.PLACED, order, HEADERS);
        response.status(201).header("Location", "/orders/" + order.id()).json(order);
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new HttpException(404, "order '" + text + "' does not exist");
        }
    }
}
