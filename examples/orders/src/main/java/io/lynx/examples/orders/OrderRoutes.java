package io.lynx.examples.orders;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.http.Routes;
import io.lynx.jdbc.SqlFailures;
import io.lynx.recovery.Classification;
import io.lynx.resilience.CallRejectedException;
import java.sql.SQLException;
import java.util.Map;

/**
 * The routes below {@code /orders}. A handler may block, since each request has a virtual thread. While the database cannot be reached,
 * or its circuit breaker is open, the answer is 503 with {@code Retry-After}.
 */
record OrderRoutes(OrderReading reading, OrderWriting writing, OrderFiles files, OrderChanges changes) {
    private static final Map<String, String> RETRY = Map.of("Retry-After", "2");

    void addTo(Routes routes) {
        routes.intercept(OrderRoutes::answerUnavailable)
                .describe(route -> route.tags("orders").answers(503));
        reading.addTo(routes);
        writing.addTo(routes);
        files.addTo(routes);
        changes.addTo(routes);
    }

    private static void answerUnavailable(Request request, Response response, HttpHandler next) throws Exception {
        try {
            next.handle(request, response);
        } catch (SQLException e) {
            if (e.getCause() instanceof CallRejectedException refused) {
                throw refused;
            }
            if (SqlFailures.isOutage(e) || Classification.isExternal(e)) {
                throw new HttpException(503, "the database is not available; try again", RETRY, e);
            }
            throw e;
        }
    }
}
