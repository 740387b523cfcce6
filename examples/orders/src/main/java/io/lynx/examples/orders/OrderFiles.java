package io.lynx.examples.orders;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.UploadedFile;
import io.lynx.resilience.RateLimiter;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** Imports and exports orders as CSV. */
final class OrderFiles {
    private static final EventHeaders HEADERS = EventHeaders.NONE.withSource("orders.import");
    private static final int PAGE = 500;

    private final OrderRepository orders;
    private final EventBuses events;
    private final PlacedOrders counted;
    private final RateLimiter placing;
    private final InstantSource clock;

    /**
     * What an import has placed.
     *
     * @param placed the number of orders
     */
    record Imported(int placed) {}

    OrderFiles(
            OrderRepository orders, EventBuses events, PlacedOrders counted, RateLimiter placing, InstantSource clock) {
        this.orders = orders;
        this.events = events;
        this.counted = counted;
        this.placing = placing;
        this.clock = clock;
    }

    /** Places every order of the file {@code orders} of a form, or none of them. */
    void importOrders(Request request, Response response) throws SQLException, IOException, InterruptedException {
        UploadedFile file = request.form()
                .file("orders")
                .orElseThrow(() -> new HttpException(400, "the form has no file 'orders'"));
        List<NewOrder.Valid> valid;
        try (InputStream csv = file.stream()) {
            valid = OrderCsv.read(csv);
        }
        placing.acquire();
        List<Order> placed = orders.placeAll(valid, clock.instant());
        counted.imported(placed.size());
        placed.forEach(order -> {
            var _ = events.publish(OrderEvents.PLACED, order, HEADERS);
        });
        response.status(201).json(new Imported(placed.size()));
    }

    /**
     * Streams all orders, a page at a time, so that their number does not matter. The answer is closed only if it is whole: after a
     * failure the client sees that it was cut off.
     */
    void exportOrders(Request request, Response response) throws SQLException, IOException {
        List<Order> page = orders.page(0, PAGE);
        response.type("text/csv; charset=utf-8").header("Content-Disposition", "attachment; filename=\"orders.csv\"");
        CsvWriter csv = CsvWriter.builder().build(response.stream());
        OrderCsv.writeHeader(csv);
        while (!page.isEmpty()) {
            page.forEach(order -> OrderCsv.write(order, csv));
            page = page.size() < PAGE ? List.of() : orders.page(page.getLast().id(), PAGE);
        }
        csv.close();
    }
}
