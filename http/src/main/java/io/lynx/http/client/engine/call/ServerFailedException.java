package io.lynx.http.client.engine.call;

import io.lynx.recovery.Classification.HttpStatusFailure;
import io.lynx.resilience.Retry.RetryAfter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** An answer on its way through the policies that says that the server could not do its work. It has no stack trace. */
public final class ServerFailedException extends RuntimeException implements HttpStatusFailure, RetryAfter {
    private final transient Answer answer;
    private final transient Optional<Duration> retryAfter;

    public ServerFailedException(Answer answer, InstantSource clock) {
        super("answer with status " + answer.status(), null, false, false);
        this.answer = answer;
        this.retryAfter = RetryAfterField.of(answer, clock);
    }

    public static boolean isFailure(int status) {
        return status == 429 || status >= 500;
    }

    /** Returns whether the server was asked too much or was not available. A 500 or 501 would be the same again. */
    public boolean isRetryable() {
        return switch (status()) {
            case 429, 502, 503, 504 -> true;
            default -> false;
        };
    }

    public Answer answer() {
        return answer;
    }

    @Override
    public int status() {
        return answer.status();
    }

    @Override
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
