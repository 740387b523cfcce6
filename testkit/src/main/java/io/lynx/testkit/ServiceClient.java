package io.lynx.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.json.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client of one test, made at its first request. Thread-safe. */
final class ServiceClient implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final LynxTest test;
    private final Duration patience;

    @GuardedBy("this")
    private @Nullable HttpClient http;

    ServiceClient(LynxTest test, Duration patience) {
        this.test = test;
        this.patience = patience;
    }

    synchronized HttpClient http() {
        HttpClient open = http;
        if (open == null) {
            open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(patience)
                    .build();
            http = open;
        }
        return open;
    }

    /** Sends a request and waits for the answer. */
    HttpReply send(String method, String path, @Nullable Object body) {
        URI target = path.startsWith("http:") || path.startsWith("https:")
                ? URI.create(path)
                : test.url().resolve(path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(patience).method(method, publisher(body));
        if (body != null) {
            request.header("Content-Type", isText(body) ? "text/plain; charset=utf-8" : "application/json");
        }
        try {
            return new HttpReply(http().send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException failure) {
            throw new UncheckedIOException(method + " " + target + ": " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + target + ": interrupted", interrupted);
        }
    }

    private static BodyPublisher publisher(@Nullable Object body) {
        return switch (body) {
            case null -> BodyPublishers.noBody();
            case CharSequence text -> BodyPublishers.ofString(text.toString());
            default -> BodyPublishers.ofByteArray(JsonCodec.installed().write(body));
        };
    }

    private static boolean isText(Object body) {
        return body instanceof CharSequence text
                && !text.toString().startsWith("{")
                && !text.toString().startsWith("[");
    }

    /** Ends what is still being sent. */
    @Override
    public synchronized void close() {
        HttpClient open = http;
        http = null;
        if (open == null) {
            return;
        }
        open.shutdownNow();
        try {
            boolean _ = open.awaitTermination(CLOSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
