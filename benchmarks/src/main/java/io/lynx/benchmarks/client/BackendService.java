package io.lynx.benchmarks.client;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;
import java.util.concurrent.atomic.AtomicLong;

/** A backend that answers {@code GET /work} after a delay, which {@code POST /delay/{millis}} sets. */
public final class BackendService {
    /** How long a healthy one takes. */
    static final int HEALTHY_MILLIS = 5;

    private BackendService() {}

    /** Runs it. */
    public static void main(String[] args) {
        AtomicLong delay = new AtomicLong(HEALTHY_MILLIS);
        Lynx.run(
                args,
                app -> app.plugin(HttpServer.with(http -> http.get("/work", (_, response) -> {
                            Thread.sleep(delay.get());
                            response.send("done");
                        })
                        .post("/delay/{millis}", (request, response) -> {
                            delay.set(Long.parseLong(request.path("millis")));
                            response.send("set");
                        }))));
    }
}
