package io.lynx.systemtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Asks a service on one of its ports, once it listens there. Thread-safe. */
final class ServiceClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final ServiceProcess service;
    private final String base;

    /** Asks on the port for requests, which is open when the service is ready. */
    ServiceClient(ServiceProcess service) throws InterruptedException {
        this(service, Services.awaitHttp(service));
    }

    private ServiceClient(ServiceProcess service, InetSocketAddress address) {
        this.service = service;
        this.base = "http://127.0.0.1:" + address.getPort();
    }

    /** Asks on the management port. */
    static ServiceClient ofManagement(ServiceProcess service) throws InterruptedException {
        return new ServiceClient(service, Services.awaitManagement(service));
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    int status(String path) throws IOException, InterruptedException {
        return get(path).statusCode();
    }

    JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(get(path).body());
    }

    /** The first answer that is as {@code expected}. */
    HttpResponse<String> await(String path, Predicate<HttpResponse<String>> expected)
            throws IOException, InterruptedException {
        AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
        try {
            Await.until("the answer is as expected", PATIENCE, Duration.ofMillis(50), () -> {
                HttpResponse<String> answer = get(path);
                last.set(answer);
                return expected.test(answer);
            });
            return last.get();
        } catch (AssertionError failure) {
            HttpResponse<String> answer = last.get();
            throw service.failure(failure.getMessage() + ": GET " + path
                    + (answer == null ? "" : " " + answer.statusCode() + "\n" + answer.body()) + "\n"
                    + get("/debug/error-stats").body());
        }
    }

    void awaitStatus(String path, int status) throws IOException, InterruptedException {
        HttpResponse<String> _ = await(path, answer -> answer.statusCode() == status);
    }

    /** The first document that is as {@code expected}. */
    JsonNode awaitJson(String path, Predicate<JsonNode> expected) throws IOException, InterruptedException {
        return parse(await(path, answer -> expected.test(parse(answer))));
    }

    static JsonNode parse(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + answer.body(), e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
