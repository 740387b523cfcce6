package io.lynx.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import io.lynx.http.HttpServer;
import io.lynx.http.RouteDescription;
import io.lynx.http.RouteOptions;
import io.lynx.http.TypedHandler;
import io.lynx.json.TypeOf;
import io.lynx.testkit.LynxTest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on OpenAPI. */
class OpenApiGuideTest {
    // snippet: openapi-records
    record OrderSearch(
            @Doc("Only orders of this customer.") Optional<String> customer,
            @Default("20") @Range(min = "1", max = "100") int limit) {}

    record NewOrder(@Doc("What is ordered.") String item, int quantity) {}

    record Order(String id, String item, int quantity, BigDecimal total) {}
    // end

    /** Stands for the service's own code. */
    private static final class Orders {
        Order create(NewOrder order) {
            return new Order("1", order.item(), order.quantity(), BigDecimal.TEN);
        }

        List<Order> find(OrderSearch search) {
            return search.customer().isPresent() ? List.of(create(new NewOrder("tea", search.limit()))) : List.of();
        }
    }

    private static String csv() {
        return "id\n1\n";
    }

    @Test
    void aService() {
        Orders orders = new Orders();
        HttpServer server = HttpServer.with(http -> {
            // snippet: openapi-typed
            http.get(
                    "/orders",
                    TypedHandler.bind(OrderSearch.class)
                            .answers(new TypeOf<List<Order>>() {})
                            .by((search, request, response) -> orders.find(search)));
            http.post(
                    "/orders",
                    TypedHandler.body(NewOrder.class)
                            .answers(201, Order.class)
                            .by((order, request, response) -> orders.create(order)));
            // end
            // snippet: openapi-describe
            http.path("/reports", reports -> {
                reports.describe(route -> route.tags("reports"));
                RouteOptions ofAYear = RouteOptions.describe(route -> route.summary("Returns the orders of a year")
                        .path("year", Integer.class, "Four digits.")
                        .answers(200, "text/csv")
                        .answers(404));
                reports.get("/{year}", ofAYear, (request, response) -> response.type("text/csv")
                        .send(csv()));
                RouteOptions hidden = RouteOptions.describe(RouteDescription::hide);
                reports.post("/rebuild", hidden, (request, response) -> response.noContent());
            });
            // end
        });
        try (LynxTest test = LynxTest.of(server, new OpenApiPlugin())
                .with("lynx.application.name", "shop")
                .with("lynx.application.version", "1")
                .with("lynx.http.host", "127.0.0.1")
                .with("lynx.http.port", "0")
                .start()) {
            CheckedDocument document =
                    CheckedDocument.of(test.get("/openapi.json").body());

            assertThat(document.at("/paths").propertyNames()).containsExactly("/orders", "/reports/{year}");
            assertThat(document.schemas().propertyNames()).containsExactly("NewOrder", "Order", "Problem");
            assertThat(test.get("/orders?customer=ann&limit=3").body()).contains("\"quantity\":3");
            assertThat(test.get("/reports/2026").body()).isEqualTo(csv());
        }
    }
}
