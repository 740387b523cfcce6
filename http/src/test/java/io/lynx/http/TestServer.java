package io.lynx.http;

import io.lynx.metrics.ProductionMetrics;
import io.lynx.testkit.Await;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** A listener on a free port of the loopback, with clients for it. */
final class TestServer implements AutoCloseable {
    final HttpListener listener;
    final ProductionMetrics metrics;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private TestServer(HttpListener listener, ProductionMetrics metrics) {
        this.listener = listener;
        this.metrics = metrics;
    }

    static TestServer with(Consumer<Routes> routes) {
        return with(config -> config, routes);
    }

    static TestServer with(UnaryOperator<TestLimits> limits, Consumer<Routes> routes) {
        return with(limits, routes, _ -> false);
    }

    /** With interceptors of the server. */
    static TestServer intercepted(
            UnaryOperator<TestLimits> limits, Consumer<Routes> routes, Consumer<Interceptors> interceptors) {
        return with(
                limits,
                routes,
                interceptors,
                _ -> false,
                ProductionMetrics.builder().build());
    }

    static TestServer with(UnaryOperator<TestLimits> limits, Consumer<Routes> routes, IntPredicate gate) {
        return with(limits, routes, gate, ProductionMetrics.builder().build());
    }

    static TestServer with(
            UnaryOperator<TestLimits> limits, Consumer<Routes> routes, IntPredicate gate, ProductionMetrics metrics) {
        return with(limits, routes, _ -> {}, gate, metrics);
    }

    static TestServer with(
            UnaryOperator<TestLimits> limits,
            Consumer<Routes> routes,
            Consumer<Interceptors> interceptors,
            IntPredicate gate,
            ProductionMetrics metrics) {
        TestLimits chosen = limits.apply(new TestLimits());
        Routes added = new Routes();
        routes.accept(added);
        HttpListener listener = HttpListener.builder("test")
                .listener(chosen.listener())
                .limits(chosen.http())
                .routes(added)
                .interceptors(interceptors)
                .eventLoops(2)
                .gate(gate)
                .metrics(metrics)
                .build();
        try {
            listener.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new TestServer(listener, metrics);
    }

    int port() {
        return listener.port();
    }

    RawClient raw() throws IOException {
        return new RawClient(port());
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(listener.url() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Drains with ten seconds to go; gives how long it took. */
    Duration drain() throws InterruptedException {
        long start = System.nanoTime();
        listener.drain(Deadline.after(Duration.ofSeconds(10), Ticker.system()));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits until {@code condition} holds, for ten seconds at most. */
    static void await(BooleanSupplier condition) {
        Await.until("the server has gone on", condition::getAsBoolean);
    }

    @Override
    public void close() {
        client.shutdownNow();
        listener.close();
    }
}
