package io.lynx.examples.orders;

import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import java.sql.SQLException;

/** The route that places an order. Thread-safe. */
final class OrderWriting {
    private final OrderPlacing placing;
    private final PlacedOrders counted;
    private final AccessConfig access;

    OrderWriting(OrderPlacing placing, PlacedOrders counted, AccessConfig access) {
        this.placing = placing;
        this.counted = counted;
        this.access = access;
    }

    void addTo(Routes routes) {
        RouteOptions options = access.forClerks()
                .withInterceptor("placed-orders", counted)
                .withDescription(route -> route.summary("Place an order")
                        .description("422 names every field that is missing or invalid.")
                        .body(NewOrder.class)
                        .answers(201, Order.class)
                        .answers(422)
                        .answers(429));
        routes.post("", options, this::place);
    }

    /** The body is read after the rate limit, so that it costs nothing above the limit. */
    private void place(Request request, Response response) throws SQLException, InterruptedException {
        placing.acquire();
        Order order = placing.place(request.json(NewOrder.class).validated());
        response.status(201).header("Location", "/orders/" + order.id()).json(order);
    }
}
