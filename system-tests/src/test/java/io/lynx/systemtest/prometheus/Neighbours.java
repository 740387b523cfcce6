package io.lynx.systemtest.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the orders example calls: the inventory and a collector of spans and metrics. Both can fail at once. Thread-safe. */
final class Neighbours implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile boolean isFailing;

    Neighbours() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/stock", exchange -> answer(exchange, 503, "{\"item\": \"engine\", \"available\": 7}"));
        server.createContext("/v1/", exchange -> answer(exchange, 400, ""));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Makes both answer with an error, or as they should. */
    void fail(boolean failing) {
        isFailing = failing;
    }

    private void answer(HttpExchange exchange, int failure, String body) throws IOException {
        try (exchange) {
            long _ = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(isFailing ? failure : 200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
