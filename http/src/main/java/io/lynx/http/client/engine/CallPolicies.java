package io.lynx.http.client.engine;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.engine.balance.ServerCalls;
import io.lynx.http.client.engine.call.Answer;
import io.lynx.http.client.engine.call.OutgoingRequest;
import io.lynx.http.client.engine.call.ServerFailedException;
import io.lynx.resilience.Bulkhead;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.Permit;
import io.lynx.resilience.RateLimiter;
import io.lynx.resilience.Retry;
import io.lynx.time.Deadline;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The policies around the attempts of a call, from the outside to the inside: retry, circuit breaker, rate limiter, bulkhead,
 * hedging. Time limits are enforced by the attempts. An answer whose status says that the server failed counts as a failure for
 * the retry and for the breaker, and is returned to the caller if it is the last one. Immutable and thread-safe.
 *
 * @param breaker null for none; it is looked up for each attempt, as it may have been replaced
 * @param clock tells what a date in an answer means
 */
public record CallPolicies(
        @Nullable Retry retry,
        @Nullable Supplier<CircuitBreaker> breaker,
        @Nullable RateLimiter rateLimiter,
        @Nullable Bulkhead bulkhead,
        @Nullable Hedge hedge,
        InstantSource clock) {
    /** The options of the circuit breaker of a client. */
    public static final Consumer<CircuitBreakerConfig.Builder> BREAKER =
            builder -> builder.failureWhen(CallPolicies::isServerFailure);

    /** Being asked too much is not a failure of the server; local failures do not reach the breaker. */
    private static boolean isServerFailure(Throwable failure) {
        return !(failure instanceof ServerFailedException answered && answered.status() == 429);
    }

    /**
     * Makes a call.
     *
     * @param hasOthers whether another instance of the service is available if one fails
     */
    Answer call(OutgoingRequest request, Deadline deadline, Callable<Answer> attempt, BooleanSupplier hasOthers)
            throws Exception {
        try {
            return retry != null && request.isIdempotent()
                    ? retry.call(() -> permitted(request, attempt, hasOthers), deadline)
                    : permitted(request, attempt, hasOthers);
        } catch (ServerFailedException answered) {
            return answered.answer();
        }
    }

    private Answer permitted(OutgoingRequest request, Callable<Answer> attempt, BooleanSupplier hasOthers)
            throws Exception {
        if (breaker == null) {
            return limited(request, attempt);
        }
        Permit permit = breaker.get().acquire();
        Answer answer;
        try {
            answer = limited(request, attempt);
        } catch (Exception | Error failure) {
            if (isVerdict(failure) && !(isOfInstance(failure) && hasOthers.getAsBoolean())) {
                permit.failure(failure);
            } else {
                permit.ignore();
            }
            throw failure;
        }
        permit.success();
        return answer;
    }

    /** Returns whether the failure says something about the server: not a body of the caller that cannot be read, for example. */
    private static boolean isVerdict(Throwable failure) {
        return switch (failure) {
            case ServerFailedException _ -> true;
            case HttpCallException call ->
                switch (call.reason()) {
                    case UNKNOWN_HOST, UNREACHABLE, TLS, TIMED_OUT, CONNECTION_LOST, MALFORMED, TOO_LARGE -> true;
                    case BUSY, DEADLINE_EXCEEDED, CLOSED -> false;
                };
            default -> false;
        };
    }

    /** Returns whether it ejects an instance: then that is left, and not the service as long as others are available. */
    private static boolean isOfInstance(Throwable failure) {
        return switch (failure) {
            case ServerFailedException answered -> ServerCalls.isUnavailable(answered.status());
            case HttpCallException call ->
                switch (ServerCalls.verdict(call.reason())) {
                    case FAILED, UNREACHABLE -> true;
                    case HEALTHY, UNKNOWN -> false;
                };
            default -> false;
        };
    }

    private Answer limited(OutgoingRequest request, Callable<Answer> attempt) throws Exception {
        if (rateLimiter != null) {
            rateLimiter.acquire();
        }
        Hedge second = request.isHedgeable() ? hedge : null;
        Callable<Answer> hedged = second == null ? attempt : () -> second.call(attempt);
        Answer answer = bulkhead == null ? hedged.call() : bulkhead.call(hedged);
        if (ServerFailedException.isFailure(answer.status())) {
            throw new ServerFailedException(answer, clock);
        }
        return answer;
    }

    /** Returns whether another attempt may help. */
    public static boolean isRetryable(Exception failure) {
        return switch (failure) {
            case ServerFailedException answered -> answered.isRetryable();
            case HttpCallException call ->
                switch (call.reason()) {
                    case UNKNOWN_HOST, UNREACHABLE, TIMED_OUT, CONNECTION_LOST -> true;
                    case TLS, BUSY, DEADLINE_EXCEEDED, MALFORMED, TOO_LARGE, CLOSED -> false;
                };
            default -> false;
        };
    }
}
