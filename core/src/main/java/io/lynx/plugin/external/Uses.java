package io.lynx.plugin.external;

import io.lynx.plugin.InFlight;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Permit;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that uses an external system now. Each use passes the circuit breaker of the plugin, is known by its holder, and is
 * waited for when the plugin stops. Thread-safe.
 */
public final class Uses {
    private static final int NAMED = 5;

    private final String plugin;
    private final CircuitBreaker breaker;
    private final Predicate<? super Throwable> isOutage;
    private final Ticker ticker;
    private final InFlight count = new InFlight();
    private final Set<Use> current = ConcurrentHashMap.newKeySet();
    /** Why no use can begin; null if one can. */
    private volatile @Nullable String refusal = "has not connected yet";

    private volatile @Nullable Throwable refusalCause;

    /**
     * Creates the uses of a system to which there is no connection yet.
     *
     * @param isOutage whether a failure means that the system could not be reached or did not answer
     */
    Uses(String plugin, CircuitBreaker breaker, Predicate<? super Throwable> isOutage, Ticker ticker) {
        this.plugin = plugin;
        this.breaker = breaker;
        this.isOutage = isOutage;
        this.ticker = ticker;
    }

    /**
     * Begins a use.
     *
     * @throws CircuitBreakerOpenException if the breaker refuses it
     * @throws NotConnectedException if there has been no connection to the system yet, or the plugin stops
     */
    public Use begin() {
        count.begin(); // Before the refusal is read, so that a stop that has set it waits for this use or refuses it.
        Use use = null;
        try {
            requireConnection();
            use = new Use(this, breaker.acquire(), ticker.nanos());
            boolean _ = current.add(use);
            return use;
        } finally {
            if (use == null) {
                count.end();
            }
        }
    }

    private void requireConnection() {
        String reason = refusal;
        if (reason != null) {
            throw new NotConnectedException("plugin '" + plugin + "': " + reason, refusalCause);
        }
    }

    void ended(Use use) {
        if (current.remove(use)) {
            count.end();
        }
    }

    boolean isOutage(Throwable failure) {
        return isOutage.test(failure);
    }

    Duration age(long startedAt) {
        return Duration.ofNanos(ticker.nanos() - startedAt);
    }

    /** Lets uses begin. */
    void connected() {
        refusal = null;
        refusalCause = null;
    }

    /** Refuses further uses. */
    void refuse(String reason, @Nullable Throwable cause) {
        refusalCause = cause;
        refusal = reason;
    }

    /** Returns the number of uses at this moment. */
    public long count() {
        return count.current();
    }

    /** Returns the breaker that uses pass. */
    public CircuitBreaker breaker() {
        return breaker;
    }

    /**
     * Returns who uses the system, the longest first; a use that {@linkplain Use#waits waits} is not among them.
     *
     * @param limit the most that are returned
     */
    public List<Holder> holders(int limit) {
        return current.stream()
                .filter(use -> !use.isWaiting())
                .map(Use::holder)
                .sorted(Comparator.comparing(Holder::age).reversed())
                .limit(limit)
                .toList();
    }

    /** Returns the longest uses in one line, such as {@code GET /orders/{id} (2310ms), job report (40ms)}; empty if there is none. */
    public String describe() {
        List<Holder> longest = holders(NAMED + 1);
        return longest.stream().limit(NAMED).map(Holder::toString).collect(Collectors.joining(", "))
                + (longest.size() > NAMED ? ", …" : "");
    }

    /** Waits until nothing uses the system; returns whether that happened before the deadline. */
    boolean awaitNone(Deadline deadline) throws InterruptedException {
        return count.awaitNone(deadline);
    }

    /** Returns a permit if the breaker is half-open and needs a probe; null if it does not. */
    @Nullable
    Permit probe() {
        return switch (breaker.state()) {
            case HALF_OPEN -> breaker.tryAcquire();
            case CLOSED, OPEN -> null;
        };
    }
}
