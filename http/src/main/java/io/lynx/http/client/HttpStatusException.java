package io.lynx.http.client;

import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.util.Optional;

/** The status of an answer is not a success. Its message names the client, the call and the status, and nothing of the body. */
public final class HttpStatusException extends RuntimeException implements HttpStatusFailure, RetryAfter {
    private final transient ClientResponse response;
    private final transient Optional<Duration> retryAfter;

    HttpStatusException(String client, String subject, ClientResponse response) {
        super(client + ": " + subject + ": answered with status " + response.status());
        this.response = response;
        this.retryAfter = response.retryAfter();
    }

    /** Returns the answer. */
    public ClientResponse response() {
        return response;
    }

    @Override
    public int status() {
        return response.status();
    }

    /** Returns how long to wait from the answer on, as its header {@code Retry-After} says; empty if it does not. */
    @Override
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
