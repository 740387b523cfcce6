package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.Application;
import io.lynx.http.HttpServer;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;

/** The application that hostile code is in, and what the rest of it can be asked. */
record Subject(Application application, HttpServer server, HttpClient client, HostileCode code, LogRecords logs) {
    /** How long anything may take on a machine that is busy with other work. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Begins a request whose answer lasts. */
    void begin(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .build();
        var _ = client.sendAsync(request, BodyHandlers.discarding());
    }

    /** Asserts that a request that calls hostile code is answered: as an error where the code throws or hangs. */
    void assertAnswered(String method, String path, String body) throws IOException, InterruptedException {
        int status = send(method, path, body).statusCode();
        switch (code.hostility()) {
            case RUNTIME_EXCEPTION, STACK_OVERFLOW, LINKAGE_ERROR, UNREADABLE_EXCEPTION ->
                assertThat(status).as(path).isBetween(500, 504);
            case HANG -> assertThat(status).as(path).isEqualTo(503);
            case NULL -> assertThat(status).as(path).isIn(200, 204, 500);
            case INTERRUPT -> assertThat(status).as(path).isEqualTo(200);
        }
    }

    /** Asserts that a request whose handler throws is answered, whatever the hostile code in the exception does. */
    void assertFails(Driver driver) throws IOException, InterruptedException {
        assertThat(get(driver.path()).statusCode()).as(driver.path()).isBetween(500, 504);
        await("the hostile code is called", () -> code.calls(driver.type(), driver.method()) > 0);
        assertNamed(driver.path());
    }

    /** Asserts that a warning or an error names {@code culprit}, if the hostile code throws, or hangs: then with its frame. */
    void assertNamed(String culprit) {
        if (code.hostility().isThrown()) {
            await("a line that names " + culprit, () -> logs.name(culprit));
        } else if (code.hostility() == Hostility.HANG) {
            await("a line that names " + culprit + " and where it hangs", () -> logs.name(culprit, HostileCode.FRAME));
        }
    }

    /** Asserts that requests which have nothing to do with the hostile code are served. */
    void assertOthersWork() throws IOException, InterruptedException {
        assertThat(get("/ok").body()).isEqualTo("ok");
    }

    void await(String what, Callable<Boolean> condition) {
        try {
            Await.until(what, PATIENCE, condition);
        } catch (AssertionError failure) {
            throw new AssertionError(failure.getMessage() + "; the last warnings:\n" + logs.last(8), failure);
        }
    }
}
