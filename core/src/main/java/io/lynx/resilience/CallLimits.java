package io.lynx.resilience;

import static io.lynx.resilience.CallTimeoutException.Scope.ATTEMPT;
import static io.lynx.resilience.CallTimeoutException.Scope.CALL;
import static io.lynx.resilience.CallTimeoutException.Scope.REST_OF_CALL;

import io.lynx.context.RequestContext;
import io.lynx.resilience.CallTimeoutException.Scope;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of {@link Policies}: of a call with all of its attempts, and of each attempt. Immutable and thread-safe.
 *
 * @param totalTimeout of a call; null if there is none
 * @param outerDeadline by which a call must end, whatever its own timeout is; null if there is none
 * @param attemptTimeout of an attempt; null if there is none
 */
record CallLimits(
        @Nullable Duration totalTimeout,
        @Nullable Deadline outerDeadline,
        @Nullable Duration attemptTimeout,
        Ticker ticker,
        @Nullable Scheduler scheduler,
        boolean isInterrupting) {
    /** Returns the same limits with a deadline that is {@code deadline} at the latest. */
    CallLimits within(Deadline deadline) {
        if (scheduler == null) {
            throw new IllegalStateException("policies.scheduler: none; a deadline needs one");
        }
        return new CallLimits(
                totalTimeout, earliest(outerDeadline, deadline), attemptTimeout, ticker, scheduler, isInterrupting);
    }

    /** Returns the deadline of a call that begins now, which is that of the bound request at the latest; null if it has none. */
    @Nullable
    Deadline deadline() {
        Deadline own = totalTimeout == null ? null : Deadline.after(totalTimeout, ticker);
        return ofRequest(earliest(own, outerDeadline));
    }

    /** Returns the earlier of {@code own} and the deadline of the bound request; null if there is neither. */
    static @Nullable Deadline ofRequest(@Nullable Deadline own) {
        return earliest(own, RequestContext.current().deadline().orElse(null));
    }

    private static @Nullable Deadline earliest(@Nullable Deadline one, @Nullable Deadline other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.earliest(other);
    }

    /** Throws if the deadline has passed. */
    static void requireTime(@Nullable Deadline deadline, Object attempt) {
        if (deadline != null && deadline.isExpired()) {
            throw new CallTimeoutException(Duration.ZERO, REST_OF_CALL, attempt, null);
        }
    }

    /**
     * Returns the limit of an attempt that begins now; null if the policies have none. The deadline of the request alone is no reason
     * to make each call on a thread of its own: the call limits itself by it.
     */
    @Nullable
    TimeLimit limit(@Nullable Deadline deadline, Object attempt) {
        requireTime(deadline, attempt);
        if (totalTimeout == null && outerDeadline == null && attemptTimeout == null) {
            return null;
        }
        Duration remaining = deadline == null ? null : deadline.remaining();
        if (remaining == null) {
            return attemptTimeout == null ? null : limit(attemptTimeout, ATTEMPT, attempt);
        }
        if (attemptTimeout == null) {
            return limit(remaining, CALL, attempt);
        }
        return attemptTimeout.compareTo(remaining) <= 0
                ? limit(attemptTimeout, ATTEMPT, attempt)
                : limit(remaining, REST_OF_CALL, attempt);
    }

    private TimeLimit limit(Duration timeout, Scope scope, Object attempt) {
        return new TimeLimit(timeout, scope, attempt, ticker, requireScheduler());
    }

    /** Returns the scheduler, which asynchronous calls and time limits need. */
    Scheduler requireScheduler() {
        if (scheduler == null) {
            throw new IllegalStateException("policies.scheduler: none; time limits and asynchronous calls need one");
        }
        return scheduler;
    }
}
