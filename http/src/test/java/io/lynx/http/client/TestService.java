package io.lynx.http.client;

import io.lynx.http.HttpListener;
import io.lynx.http.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A service on a free port of the loopback. */
final class TestService implements AutoCloseable {
    final HttpListener listener;

    private TestService(HttpListener listener) {
        this.listener = listener;
    }

    static TestService with(Consumer<Routes> routes) {
        Routes added = new Routes();
        routes.accept(added);
        HttpListener listener = HttpListener.builder("service")
                .address("127.0.0.1", 0)
                .routes(added)
                .build();
        try {
            listener.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new TestService(listener);
    }

    /** Returns a client without retries and breaker. */
    HttpClientBuilder client() {
        return new HttpClientBuilder("inventory", Configs.with("max_wait", "20s"))
                .url("http://127.0.0.1:" + listener.port())
                .connectTimeout(Duration.ofSeconds(20)) // a busy machine may need longer than the default
                .policies(policies -> policies.withRetryAttempts(1).withCircuitBreaker(false));
    }

    @Override
    public void close() {
        listener.close();
    }
}
