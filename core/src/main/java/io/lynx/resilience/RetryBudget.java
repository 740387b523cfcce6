package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the retries of all calls that share it: to a share of the calls, and a number per second besides, so that retrying
 * cannot multiply the load on a service that is already failing. Unused retries are kept for ten seconds' worth of the number
 * per second, at least ten. A denied retry is counted, and logged at most once a minute. Thread-safe and lock-free.
 */
public final class RetryBudget {
    private static final long TOKEN = 1_000;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long NANOS_A_TOKEN = SECOND / TOKEN;
    private static final int KEPT_SECONDS = 10;
    private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();
    private static final long NEVER = Long.MIN_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(RetryBudget.class);

    private final Ticker ticker;
    private final long deposit;
    private final int perSecond;
    private final long most;
    private final LongAdder refused = new LongAdder();
    private final AtomicLong loggedAt = new AtomicLong(NEVER);

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

    /** Returns a budget of one retry for five calls, and ten per second. */
    public static RetryBudget standard(Ticker ticker) {
        return of(0.2, 10, ticker);
    }

    /**
     * Returns a budget.
     *
     * @param ratio retries per call, 0 to 10
     * @param perSecond retries per second besides, 0 to 1,000,000
     * @throws IllegalArgumentException if a value is out of range
     */
    public static RetryBudget of(double ratio, int perSecond, Ticker ticker) {
        Problems problems = new Problems("retry_budget");
        problems.unless(ratio >= 0 && ratio <= 10, "ratio", ratio, "0 to 10");
        problems.unless(perSecond >= 0 && perSecond <= 1_000_000, "per_second", perSecond, "0 to 1000000");
        problems.raise();
        return new RetryBudget(ratio, perSecond, ticker);
    }

    /** Credits a call, at its first attempt. */
    void called() {
        if (deposit > 0) {
            add(deposit);
        }
    }

    /** Takes a retry, if one is left; {@code name} is whose, for the log. */
    boolean tryRetry(String name) {
        credit();
        for (; ; ) {
            long seen = balance.get();
            if (seen < TOKEN) {
                refused.increment();
                logDenial(name);
                return false;
            }
            if (balance.compareAndSet(seen, seen - TOKEN)) {
                return true;
            }
        }
    }

    /** Returns the number of retries that could be made now. */
    long available() {
        credit();
        return balance.get() / TOKEN;
    }

    /** Returns the total of retries that it denied. */
    public long refusals() {
        return refused.sum();
    }

    private void logDenial(String name) {
        long now = ticker.nanos();
        long last = loggedAt.get();
        boolean isDue = last == NEVER || now - last >= LOG_INTERVAL;
        if (isDue && loggedAt.compareAndSet(last, now)) {
            LOG.atWarn()
                    .addKeyValue("retry", name)
                    .addKeyValue("denied", refused.sum())
                    .log(
                            "Retry budget of {} is used up, so failed calls are not retried: it allows {} retries per"
                                    + " call and {} per second",
                            name,
                            (double) deposit / TOKEN,
                            perSecond);
        }
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
