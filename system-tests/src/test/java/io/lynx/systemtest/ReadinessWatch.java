package io.lynx.systemtest;

import io.lynx.systemtest.load.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks every target for its readiness, as a load balancer does, and takes those away that are not ready. */
final class ReadinessWatch implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(20);

    private final Route route;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Thread thread;
    private volatile boolean closed;

    private ReadinessWatch(Route route) {
        this.route = route;
        this.thread = Thread.ofVirtual().name("readiness-watch").unstarted(this::watch);
    }

    static ReadinessWatch start(Route route) {
        var watch = new ReadinessWatch(route);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!closed) {
                for (InetSocketAddress target : route.targets()) {
                    long asked = System.nanoTime();
                    if (!isReady(target)) {
                        boolean _ = route.leave(target, asked, "not ready");
                    }
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isReady(InetSocketAddress target) throws InterruptedException {
        URI uri = URI.create("http://" + target.getHostString() + ":" + target.getPort() + "/health/ready");
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() != 503;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            // The connection crossed its end; the next one will tell.
            return true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        client.shutdownNow();
    }
}
