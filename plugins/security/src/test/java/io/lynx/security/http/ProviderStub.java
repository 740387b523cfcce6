package io.lynx.security.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A provider on the loopback that a test can break: discovery, keys and introspection. */
final class ProviderStub implements AutoCloseable {
    final AtomicInteger keyReads = new AtomicInteger();
    final AtomicInteger introspections = new AtomicInteger();
    volatile int status = 200;
    volatile String keys = Issuer.jwks(Issuer.RSA.toPublicJWK());
    volatile String introspection = "{\"active\":false}";
    volatile @Nullable CountDownLatch slow;
    volatile String body = "";
    volatile List<String> headers = List.of();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    ProviderStub() throws IOException {
        this(0);
    }

    ProviderStub(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
        server.setExecutor(threads);
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(exchange, "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}"));
        server.createContext("/keys", exchange -> {
            keyReads.incrementAndGet();
            answer(exchange, keys);
        });
        server.createContext("/introspect", exchange -> {
            introspections.incrementAndGet();
            body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            headers = exchange.getRequestHeaders().entrySet().stream()
                    .map(Object::toString)
                    .toList();
            answer(exchange, introspection);
        });
        server.start();
    }

    private void answer(HttpExchange exchange, String text) throws IOException {
        CountDownLatch waits = slow;
        if (waits != null) {
            try {
                boolean _ = waits.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
