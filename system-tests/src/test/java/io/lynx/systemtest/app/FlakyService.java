package io.lynx.systemtest.app;

import io.lynx.app.Lynx;
import io.lynx.http.HttpServer;

/** A service with a {@link FlakyPlugin}: {@code PUT /flaky} with {@code broken} or {@code mended}. */
public final class FlakyService {
    private FlakyService() {}

    /** Runs it. */
    public static void main(String[] args) {
        var flaky = new FlakyPlugin();
        Lynx.run(args, app -> app.plugin(flaky)
                .plugin(HttpServer.with(http -> http.put("/flaky", (request, response) -> {
                    flaky.broken(request.text().equals("broken"));
                    response.noContent();
                }))));
    }
}
