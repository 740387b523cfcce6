package io.lynx.time;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An instant on a {@link Ticker} by which something must be done. Deadlines are passed down: a callee derives its own
 * from its caller's with {@link #atMost} or {@link #minus}, so no inner wait can outlast an outer one. Immutable and
 * thread-safe.
 */
public final class Deadline {
    /** Half the range of a long, so that sums and differences of ticker readings keep their order. */
    private static final long FARTHEST = Long.MAX_VALUE >> 1;

    private final Ticker ticker;
    private final long at;
    /** Whether it has passed before its time; null if nothing can end it early. */
    private final @Nullable BooleanSupplier early;

    private Deadline(Ticker ticker, long at, @Nullable BooleanSupplier early) {
        this.ticker = ticker;
        this.at = at;
        this.early = early;
    }

    /**
     * Returns the deadline {@code duration} from now.
     *
     * @param duration if negative, the deadline has passed already
     */
    public static Deadline after(Duration duration, Ticker ticker) {
        long nanos = Math.clamp(Nanos.of(duration), -FARTHEST, FARTHEST);
        return new Deadline(ticker, ticker.nanos() + nanos, null);
    }

    /**
     * Returns this deadline with a second reason to pass: it has passed as soon as {@code isOver} returns true, and so have the
     * deadlines that are derived from it.
     *
     * @param isOver must not block, and must not return false again once it has returned true; any thread calls it
     */
    public Deadline orWhen(BooleanSupplier isOver) {
        return new Deadline(ticker, at, either(early, isOver));
    }

    @SuppressWarnings("ReferenceEquality") // A supplier is equal to itself only.
    private static @Nullable BooleanSupplier either(@Nullable BooleanSupplier one, @Nullable BooleanSupplier other) {
        if (one == null || one == other) {
            return other;
        }
        return other == null ? one : () -> one.getAsBoolean() || other.getAsBoolean();
    }

    private boolean isOverEarly() {
        return early != null && early.getAsBoolean();
    }

    /** Returns the remaining time; zero once the deadline has passed. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** Returns the remaining time in nanoseconds; zero once the deadline has passed. */
    public long remainingNanos() {
        return isOverEarly() ? 0 : Math.max(0, at - ticker.nanos());
    }

    /** Returns whether the deadline has passed. */
    public boolean isExpired() {
        return isOverEarly() || at - ticker.nanos() <= 0;
    }

    /** Returns the earlier of this deadline and the one {@code duration} from now. */
    public Deadline atMost(Duration duration) {
        return earliest(after(duration, ticker));
    }

    /** Returns the earlier of two deadlines: the one with less time left if they are on different tickers. */
    public Deadline earliest(Deadline other) {
        Deadline first = isAfter(other) ? other : this;
        BooleanSupplier both = either(early, other.early);
        return both == null ? first : new Deadline(ticker, first.at, both);
    }

    @SuppressWarnings("ReferenceEquality") // Readings of one ticker can be compared.
    private boolean isAfter(Deadline other) {
        return ticker == other.ticker ? other.at - at < 0 : other.ticker.nanos() - other.at > ticker.nanos() - at;
    }

    /** Returns the deadline that is {@code reserve} before this one. */
    public Deadline minus(Duration reserve) {
        return new Deadline(ticker, at - Math.clamp(Nanos.of(reserve), -FARTHEST, FARTHEST), early);
    }

    /** Returns a short form for logs, such as {@code in 4200ms} or {@code passed}. */
    @Override
    public String toString() {
        return isExpired() ? "passed" : "in " + remaining().toMillis() + "ms";
    }
}
