package io.lynx.examples.orders;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.lynx.http.HttpException;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.RouteOptions;
import io.lynx.http.Routes;
import io.lynx.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.List;

/** The routes that import and export orders as CSV. Thread-safe. */
final class OrderFiles {
    private static final int PAGE = 500;

    private final OrderRepository orders;
    private final OrderPlacing placing;
    private final PlacedOrders counted;
    private final AccessConfig access;

    /**
     * What an import has placed.
     *
     * @param placed the number of orders
     */
    record Imported(int placed) {}

    OrderFiles(OrderRepository orders, OrderPlacing placing, PlacedOrders counted, AccessConfig access) {
        this.orders = orders;
        this.placing = placing;
        this.counted = counted;
        this.access = access;
    }

    void addTo(Routes routes) {
        routes.get(
                        "/export",
                        RouteOptions.describe(
                                route -> route.summary("All orders as CSV").answers(200, "text/csv")),
                        this::exportOrders)
                .post(
                        "/import",
                        access.forManagers().withDescription(route -> route.summary("Import orders from a CSV file")
                                .description("The file is the field `orders` of a form. All of its orders are"
                                        + " placed, or none: 422 names the lines and columns that are wrong.")
                                .body("multipart/form-data")
                                .answers(201, Imported.class)
                                .answers(422)
                                .answers(429)),
                        this::importOrders);
    }

    private void importOrders(Request request, Response response)
            throws SQLException, IOException, InterruptedException {
        UploadedFile file = request.form()
                .file("orders")
                .orElseThrow(() -> new HttpException(400, "the form has no file 'orders'"));
        List<NewOrder.Valid> valid;
        try (InputStream csv = file.stream()) {
            valid = OrderCsv.read(csv);
        }
        placing.acquire();
        int placed = placing.placeAll(valid).size();
        counted.imported(placed);
        response.status(201).json(new Imported(placed));
    }

    /**
     * Streams all orders, a page at a time, so that their number does not matter. The answer is closed only if it is whole: after a
     * failure the client sees that it was cut off.
     */
    private void exportOrders(Request request, Response response) throws SQLException, IOException {
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
