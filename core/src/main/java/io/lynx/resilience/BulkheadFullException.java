package io.lynx.resilience;

import java.time.Duration;
import java.util.Optional;

/** A bulkhead rejected a call: its maximum number of calls was running for all the time that the call could wait. */
public final class BulkheadFullException extends CallRejectedException {
    private final int limit;
    private final Duration waited;

    BulkheadFullException(String name, int limit, Duration waited) {
        super(name);
        this.limit = limit;
        this.waited = waited;
    }

    /** Returns empty, since the end of a running call is not known. */
    @Override
    public Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    @Override
    public String getMessage() {
        return "bulkhead " + name() + ": " + limit + " calls running after waiting " + waited.toMillis()
                + "ms; at most " + limit + " at a time";
    }
}
