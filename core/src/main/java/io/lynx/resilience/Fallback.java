package io.lynx.resilience;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Gives a value in place of an exception. A cancelled call gets none, as nobody waits for it; an error neither.
 * Thread-safe if its function is.
 *
 * @param <T> the value
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

    /** Gives {@code value}. */
    public static <T> Fallback<T> to(T value) {
        return of(_ -> value);
    }

    /** Gives what {@code value} makes of the exception; what it throws is thrown with the exception suppressed in it. */
    public static <T> Fallback<T> of(Function<? super Exception, ? extends T> value) {
        return new Fallback<>(value, _ -> true, new LongAdder());
    }

    /** The same for the exceptions that {@code condition} is true of, and nothing for others. */
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
            if (FailureClassifier.isInterruption(e) || !applies.test(e)) {
                throw e;
            }
            used.increment();
            return valueFor(e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // an exception cannot suppress itself
    private T valueFor(Exception failure) {
        try {
            return value.apply(failure);
        } catch (RuntimeException e) {
            if (e != failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    /** How often it has applied. */
    public long used() {
        return used.sum();
    }
}
