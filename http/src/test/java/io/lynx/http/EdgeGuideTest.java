package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide's page on HTTP about browsers and limits. */
class EdgeGuideTest {
    /** An order as the guide's routes read and write it. */
    public record Order(String id) {}

    @Test
    void cors() throws Exception {
        try (TestServer server = TestServer.with(http -> {
            // snippet: http-cors
            http.path("/public", api -> api.intercept(
                            StandardInterceptors.CORS,
                            StandardInterceptors.cors(CorsConfig.allowing("*").withMethods("GET")))
                    .get("/prices", (_, response) -> response.json(List.of(7, 9))));
            // end
        })) {
            assertThat(server.get("/public/prices", "Origin", "https://shop.example")
                            .headers()
                            .firstValue("access-control-allow-origin"))
                    .hasValue("*");
        }
    }

    @Test
    void rateLimit() throws Exception {
        try (TestServer server = TestServer.with(http -> {
            // snippet: http-rate-limit
            http.path("/orders", orders -> orders.intercept(
                            StandardInterceptors.PRINCIPAL_RATE_LIMIT,
                            StandardInterceptors.rateLimit(
                                    "orders", RateLimitConfig.of(20, Duration.ofSeconds(1)), LimitKey.principal()))
                    .intercept(StandardInterceptors.CONCURRENCY_LIMIT, StandardInterceptors.concurrencyLimit(50))
                    .post("", (request, response) -> response.status(201).json(request.json(Order.class))));
            // end
        })) {
            assertThat(server.send("POST", "/orders", "{\"id\":\"7\"}").statusCode())
                    .isEqualTo(201);
        }
    }
}
