package io.lynx.testkit;

import com.sun.net.httpserver.HttpServer;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener that answers each request with its method, path, content type and body; on the JDK's own HTTP server. */
final class JdkListener implements TrafficListener {
    private final String name;
    private final boolean isClosedAtTheEnd;
    private volatile @Nullable HttpServer server;

    JdkListener(String name) {
        this(name, true);
    }

    JdkListener(String name, boolean isClosedAtTheEnd) {
        this.name = name;
        this.isClosedAtTheEnd = isClosedAtTheEnd;
    }

    private HttpServer server() {
        HttpServer open = server;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void open() throws Exception {
        HttpServer opened = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        opened.createContext("/", exchange -> {
            String text = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Answered-By", name);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        opened.start();
        server = opened;
    }

    @Override
    public List<String> urls() {
        return List.of("http://localhost:" + server().getAddress().getPort());
    }

    @Override
    public InFlight inFlight() {
        return new InFlight();
    }

    @Override
    public void announceStop() {}

    @Override
    public void drain(Deadline deadline) {}

    @Override
    public void close() {
        if (isClosedAtTheEnd) {
            server().stop(0);
        }
    }

    void closeReally() {
        server().stop(0);
    }
}
