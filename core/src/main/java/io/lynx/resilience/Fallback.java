package io.lynx.resilience;

import io.lynx.extension.UserCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Returns a value in place of an exception. It does not apply to cancelled calls, whose result is not awaited, nor to errors.
 * Conditions and functions receive the exception inside the wrappers of futures and proxies. Thread-safe if its functions are.
 *
 * @param <T> the type of the value
 */
public final class Fallback<T> {
    private final Function<? super Exception, ? extends T> value;
    private final Predicate<? super Exception> applies;
    private final LongAdder used;

    private Fallback(
            Function<? super Exception, ? extends T> value, Predicate<? super Exception> applies, LongAdder used) {
        this.value = value;
        this.applies = applies;
        this.used = used;
    }

    /** Returns a fallback to {@code value}. */
    public static <T> Fallback<T> to(T value) {
        return of(_ -> value);
    }

    /** Returns a fallback to the result of {@code value}; what that throws is thrown with the exception suppressed in it. */
    public static <T> Fallback<T> of(Function<? super Exception, ? extends T> value) {
        return new Fallback<>(value, _ -> true, new LongAdder());
    }

    /** Returns a fallback that applies only to exceptions that fulfil {@code condition} too. */
    public Fallback<T> when(Predicate<? super Exception> condition) {
        return new Fallback<>(value, failure -> applies.test(failure) && condition.test(failure), used);
    }

    /**
     * Makes a call.
     *
     * @throws Exception what the call threw, if this does not apply to it
     */
    public T call(Callable<T> callable) throws Exception {
        try {
            return callable.call();
        } catch (Exception e) {
            Exception cause = cause(e);
            if (cause == null) {
                throw e;
            }
            used.increment();
            return valueFor(cause);
        }
    }

    /** Starts an asynchronous call; a failure to which this applies completes the returned stage with the fallback's value. */
    public CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletionStage<T> _ = AsyncCalls.start(call).whenComplete((value, failure) -> {
            Exception cause = failure instanceof Exception exception ? cause(exception) : null;
            if (cause == null) {
                AsyncCalls.complete(result, value, failure);
                return;
            }
            used.increment();
            boolean _ = UserCode.run(() -> result.complete(valueFor(cause)), result::completeExceptionally);
        });
        return result;
    }

    /** Returns the exception that this applies to; null if it does not apply. A condition that throws does not apply. */
    private @Nullable Exception cause(Exception failure) {
        return !FailureClassifier.isInterruption(failure)
                        && FailureClassifier.unwrap(failure) instanceof Exception cause
                        && UserCode.call(() -> applies.test(cause), false, failure::addSuppressed)
                ? cause
                : null;
    }

    @SuppressWarnings("ReferenceEquality") // an exception cannot suppress itself
    private T valueFor(Exception failure) {
        try {
            return value.apply(failure);
        } catch (RuntimeException | Error e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    /** Returns how often it was used. */
    public long used() {
        return used.sum();
    }
}
