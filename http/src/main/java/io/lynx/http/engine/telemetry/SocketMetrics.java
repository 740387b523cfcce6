package io.lynx.http.engine.telemetry;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Measures the WebSockets of one route. Codes that clients can choose freely have one series in common. Thread-safe. */
final class SocketMetrics implements SocketRecorder {
    private static final int FIRST_CODE = 1000;
    private static final int LAST_CODE = 1014;
    private static final String OTHER = "other";

    private final MetricRegistry registry;
    private final String protocol;
    private final String path;
    private final LongAdder open = new LongAdder();
    private final Counter received;
    private final Counter sent;

    SocketMetrics(MetricRegistry registry, String protocol, String path) {
        this.registry = registry;
        this.protocol = protocol;
        this.path = path;
        this.received = registry.counter(Catalogue.WEBSOCKET_MESSAGES, protocol, path, "received");
        this.sent = registry.counter(Catalogue.WEBSOCKET_MESSAGES, protocol, path, "sent");
    }

    @Override
    public void opened() {
        open.increment();
    }

    @Override
    public void closed(int code) {
        open.decrement();
        String label = code >= FIRST_CODE && code <= LAST_CODE ? Integer.toString(code) : OTHER;
        registry.counter(Catalogue.WEBSOCKET_CLOSES, protocol, path, label).increment();
    }

    @Override
    public void received() {
        received.increment();
    }

    @Override
    public void sent() {
        sent.increment();
    }

    /** How many are open. */
    long open() {
        return open.sum();
    }
}
