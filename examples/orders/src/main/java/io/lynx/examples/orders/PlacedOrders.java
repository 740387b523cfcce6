package io.lynx.examples.orders;

import io.lynx.http.HttpException;
import io.lynx.http.HttpHandler;
import io.lynx.http.Interceptor;
import io.lynx.http.Request;
import io.lynx.http.Response;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricRegistry;
import io.lynx.resilience.CallRejectedException.RateLimitExceededException;
import java.util.concurrent.Callable;

/** Counts the attempts to place an order, as a metric of the service's own. Thread-safe. */
final class PlacedOrders implements Interceptor {
    static final Metric ORDERS =
            Metric.counter("orders_placed_total", "Attempts to place an order, by outcome.", "outcome");

    private final Counter placed;
    private final Counter invalid;
    private final Counter refused;
    private final Counter failed;

    PlacedOrders(MetricRegistry registry) {
        this.placed = registry.counter(ORDERS, "placed");
        this.invalid = registry.counter(ORDERS, "invalid");
        this.refused = registry.counter(ORDERS, "refused");
        this.failed = registry.counter(ORDERS, "failed");
    }

    /** Counts orders that a file had, all of which were placed. */
    void imported(int orders) {
        placed.add(orders);
    }

    @Override
    public void intercept(Request request, Response response, HttpHandler next) throws Exception {
        Object _ = count(() -> {
            next.handle(request, response);
            return response;
        });
    }

    /** Makes an attempt to place an order, and counts it by its outcome. */
    <T> T count(Callable<T> attempt) throws Exception {
        Counter outcome = failed;
        try {
            T answer = attempt.call();
            outcome = placed;
            return answer;
        } catch (HttpException refusal) {
            outcome = refusal.status() < 500 ? invalid : failed;
            throw refusal;
        } catch (RateLimitExceededException refusal) {
            outcome = refused;
            throw refusal;
        } finally {
            outcome.increment();
        }
    }
}
