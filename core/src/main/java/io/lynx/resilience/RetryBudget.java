package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many retries all the calls that share it may make: a share of the calls, and some a second besides, so that
 * retrying cannot multiply the load on what is already failing. Unused retries are kept for ten seconds' worth of the
 * steady part, at least ten. Thread-safe and lock-free.
 */
public final class RetryBudget {
    private static final long TOKEN = 1_000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long NANOS_A_TOKEN = SECOND / TOKEN;
    private static final int KEPT_SECONDS = 10;

    private final Ticker ticker;
    private final long deposit;
    private final int perSecond;
    private final long most;
    private final LongAdder refused = new LongAdder();

    /** Thousandths of a retry. */
    private final AtomicLong balance;

    /** The reading up to which the steady part has been credited. */
    private final AtomicLong credited;

    private RetryBudget(double ratio, int perSecond, Ticker ticker) {
        this.ticker = ticker;
        this.deposit = Math.round(ratio * TOKEN);
        this.perSecond = perSecond;
        this.most = Math.max(KEPT_SECONDS, (long) perSecond * KEPT_SECONDS) * TOKEN;
        this.balance = new AtomicLong(perSecond * TOKEN);
        this.credited = new AtomicLong(ticker.nanos());
    }

    /** One retry for five calls, and ten a second. */
    public static RetryBudget standard(Ticker ticker) {
        return of(0.2, 10, ticker);
    }

    /**
     * A budget.
     *
     * @param ratio retries for each call, 0 to 10
     * @param perSecond retries a second besides, 0 to 1,000,000
     * @throws IllegalArgumentException if a value is out of range
     */
    public static RetryBudget of(double ratio, int perSecond, Ticker ticker) {
        Problems problems = new Problems("retry_budget");
        problems.unless(ratio >= 0 && ratio <= 10, "ratio", ratio, "0 to 10");
        problems.unless(perSecond >= 0 && perSecond <= 1_000_000, "per_second", perSecond, "0 to 1000000");
        problems.raise();
        return new RetryBudget(ratio, perSecond, ticker);
    }

    /** Tells of a call, its first attempt. */
    void called() {
        if (deposit > 0) {
            add(deposit);
        }
    }

    /** Takes a retry, if one is left. */
    boolean tryRetry() {
        credit();
        for (; ; ) {
            long seen = balance.get();
            if (seen < TOKEN) {
                refused.increment();
                return false;
            }
            if (balance.compareAndSet(seen, seen - TOKEN)) {
                return true;
            }
        }
    }

    /** Retries that could be made now. */
    public long available() {
        credit();
        return balance.get() / TOKEN;
    }

    /** Total of retries that it did not allow. */
    public long refusals() {
        return refused.sum();
    }

    private void credit() {
        long from = credited.get();
        long now = ticker.nanos();
        long elapsed = Math.min(now - from, KEPT_SECONDS * SECOND);
        long scaled = elapsed * perSecond;
        long tokens = scaled / NANOS_A_TOKEN;
        if (elapsed < 0) {
            credited.compareAndSet(from, now);
        } else if (tokens > 0 && credited.compareAndSet(from, now - scaled % NANOS_A_TOKEN / perSecond)) {
            add(tokens);
        }
    }

    private void add(long tokens) {
        long seen = balance.get();
        while (seen < most && !balance.compareAndSet(seen, Math.min(most, seen + tokens))) {
            seen = balance.get();
        }
    }
}
