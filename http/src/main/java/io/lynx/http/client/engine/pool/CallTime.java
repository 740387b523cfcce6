package io.lynx.http.client.engine.pool;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that a call, one attempt of it, or one step has. Immutable and thread-safe.
 *
 * @param end when it must be over
 * @param limit what set that end, unless the request's deadline comes first
 * @param length how long that limit is
 * @param request the deadline of the request on whose behalf the call is made, which may pass early; null if there is none
 */
public record CallTime(
        Deadline end,
        TimeLimitKind limit,
        Duration length,
        @Nullable Deadline request,
        Ticker ticker,
        Scheduler scheduler) {
    /** Returns the time of a call. */
    public static CallTime of(Duration timeout, @Nullable Deadline request, Ticker ticker, Scheduler scheduler) {
        Deadline total = Deadline.after(timeout, ticker);
        Deadline end = request == null ? total : total.earliest(request);
        return new CallTime(end, TimeLimitKind.TOTAL, timeout, request, ticker, scheduler);
    }

    /** Returns this time, or a shorter one if {@code timeout} ends first. */
    public CallTime atMost(Duration timeout, TimeLimitKind kind) {
        return timeout.toNanos() < end.remainingNanos()
                ? new CallTime(end.atMost(timeout), kind, timeout, request, ticker, scheduler)
                : this;
    }

    /** Returns which limit has passed when {@link #end} has. */
    public TimeLimitKind passed() {
        return request != null && request.isExpired() ? TimeLimitKind.DEADLINE : limit;
    }

    /** Returns what lets a thread wait. */
    public ParkedThread parkedThread() {
        return new ParkedThread(scheduler);
    }
}
