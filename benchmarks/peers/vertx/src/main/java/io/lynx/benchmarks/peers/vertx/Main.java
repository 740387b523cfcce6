package io.lynx.benchmarks.peers.vertx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** The routes on bare Vert.x: {@code Main PORT event-loop|virtual-threads}. */
public final class Main {
    record Greeting(String message) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private Main() {}

    public static void main(String[] args) {
        int port = Integer.parseInt(args[0]);
        boolean virtual = args[1].equals("virtual-threads");
        DeploymentOptions options = new DeploymentOptions()
                .setThreadingModel(virtual ? ThreadingModel.VIRTUAL_THREAD : ThreadingModel.EVENT_LOOP)
                .setInstances(Runtime.getRuntime().availableProcessors());
        Vertx.vertx()
                .deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                return vertx.createHttpServer()
                                        .requestHandler(Main::answer)
                                        .listen(port, "127.0.0.1");
                            }
                        },
                        options)
                .await();
    }

    private static void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/hello" ->
                request.response()
                        .putHeader("content-type", "text/plain; charset=utf-8")
                        .end("Hello, World!");
            case "/json" ->
                request.response().putHeader("content-type", "application/json").end(json());
            case "/blocking" -> {
                // A handler that sleeps blocks all others of its verticle; one that awaits does not.
                Vertx.currentContext().owner().timer(20).await();
                request.response()
                        .putHeader("content-type", "text/plain; charset=utf-8")
                        .end("Hello, World!");
            }
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static Buffer json() {
        try {
            return Buffer.buffer(JSON.writeValueAsBytes(new Greeting("Hello, World!")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
