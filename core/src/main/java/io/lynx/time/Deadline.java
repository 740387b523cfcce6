package io.lynx.time;

import java.time.Duration;

/**
 * An instant on a {@link Ticker} by which something must be done. Deadlines are passed down: a callee carves its own out
 * of its caller's with {@link #atMost} or {@link #minus}, so no inner wait can outlive an outer one. Immutable and
 * thread-safe.
 */
public final class Deadline {
    /** Half the range of a long: sums and differences of ticker readings stay in order. */
    private static final long FARTHEST = Long.MAX_VALUE >> 1;

    private final Ticker ticker;
    private final long at;

    private Deadline(Ticker ticker, long at) {
        this.ticker = ticker;
        this.at = at;
    }

    /**
     * The deadline {@code duration} from now.
     *
     * @param duration a negative one gives a deadline that has passed
     */
    public static Deadline after(Duration duration, Ticker ticker) {
        long nanos = Math.clamp(Nanos.of(duration), -FARTHEST, FARTHEST);
        return new Deadline(ticker, ticker.nanos() + nanos);
    }

    /** What is left of it; zero once it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** What is left of it in nanoseconds; zero once it has passed. */
    public long remainingNanos() {
        return Math.max(0, at - ticker.nanos());
    }

    /** Whether it has passed. */
    public boolean isExpired() {
        return at - ticker.nanos() <= 0;
    }

    /** The earlier of this deadline and the one {@code duration} from now. */
    public Deadline atMost(Duration duration) {
        return earliest(after(duration, ticker));
    }

    /** The earlier of the two; both must be on the same ticker. */
    public Deadline earliest(Deadline other) {
        return other.at - at < 0 ? other : this;
    }

    /** The deadline that is {@code reserve} before this one. */
    public Deadline minus(Duration reserve) {
        return new Deadline(ticker, at - Math.clamp(Nanos.of(reserve), -FARTHEST, FARTHEST));
    }

    /** A short form for logs, such as {@code in 4200ms} or {@code passed}. */
    @Override
    public String toString() {
        return isExpired() ? "passed" : "in " + remaining().toMillis() + "ms";
    }
}
