package io.lynx.http.client;

import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.util.Optional;

/** The status of an answer is not a success. Its message names the client, the call and the status, and nothing of the body. */
public final class HttpStatusException extends RuntimeException implements HttpStatusFailure, RetryAfter {
    private final transient ClientResponse response;

    HttpStatusException(String client, String subject, ClientResponse response) {
        super(client + ": " + subject + ": answered with status " + response.status());
        this.response = response;
    }

    /** Returns the answer. */
    public ClientResponse response() {
        return response;
    }

    @Override
    public int status() {
        return response.status();
    }

    /** Returns the seconds in the header {@code Retry-After}; empty if there is none, or it has a date. */
    @Override
    public Optional<Duration> retryAfter() {
        return response.header("retry-after")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }
}
