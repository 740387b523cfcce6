package io.lynx.resilience;

import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether and when a retry makes another attempt. Thread-safe. */
final class RetryDecision {
    private static final Logger LOG = LoggerFactory.getLogger(RetryDecision.class);

    private final String name;
    private final int maxAttempts;
    private final Backoff backoff;
    private final Predicate<? super Exception> retryable;
    private final Predicate<? super @Nullable Object> retryableResult;
    private final Function<? super Exception, Optional<Duration>> retryAfter;
    private final RetryBudget budget;
    private final LongAdder denied = new LongAdder();

    RetryDecision(
            String name,
            int maxAttempts,
            Backoff backoff,
            Predicate<? super Exception> retryable,
            Predicate<? super @Nullable Object> retryableResult,
            Function<? super Exception, Optional<Duration>> retryAfter,
            RetryBudget budget) {
        this.name = name;
        this.maxAttempts = maxAttempts;
        this.backoff = backoff;
        this.retryable = retryable;
        this.retryableResult = retryableResult;
        this.retryAfter = retryAfter;
        this.budget = budget;
    }

    /** Credits a call to the budget, at its first attempt. */
    void called() {
        budget.called();
    }

    /** Returns the total of attempts that the budget denied. */
    long denied() {
        return denied.sum();
    }

    /** Returns how long to wait before the next attempt; null if the result stands. */
    @Nullable
    Duration delayAfterResult(int attempt, @Nullable Object result, @Nullable Deadline deadline) {
        if (attempt == maxAttempts
                || !UserCode.call(() -> retryableResult.test(result), false, this::predicateFailed)) {
            return null;
        }
        return allowed(backoff.after(attempt), deadline);
    }

    /** Returns how long to wait before the next attempt; null if there is none. */
    @Nullable
    Duration delayAfterFailure(int attempt, Exception failure, @Nullable Deadline deadline) {
        if (attempt == maxAttempts
                || FailureClassifier.isNoVerdict(failure)
                || !(FailureClassifier.unwrap(failure) instanceof Exception cause)
                || !UserCode.call(() -> retryable.test(cause), false, this::predicateFailed)) {
            return null;
        }
        Duration asked = asked(cause);
        Duration jittered = backoff.after(attempt);
        return allowed(asked.compareTo(jittered) > 0 ? asked : jittered, deadline);
    }

    /** Returns the pause that a failure asks for; zero if it does not, or its code is broken. */
    private Duration asked(Exception failure) {
        Optional<Duration> asked = UserCode.<@Nullable Optional<Duration>>call(
                () -> retryAfter.apply(failure), null, this::predicateFailed);
        return asked == null ? Duration.ZERO : asked.orElse(Duration.ZERO);
    }

    private @Nullable Duration allowed(Duration delay, @Nullable Deadline deadline) {
        if (backoff.isTooLong(delay) || (deadline != null && delay.compareTo(deadline.remaining()) >= 0)) {
            return null;
        }
        if (budget.tryRetry(name)) {
            return delay;
        }
        denied.increment();
        return null;
    }

    private void predicateFailed(Throwable failure) {
        LOG.atWarn()
                .setCause(UserCode.loggable(failure))
                .addKeyValue("retry", name)
                .log("Predicate of retry {} threw; the call is not retried", name);
    }
}
