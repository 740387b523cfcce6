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
import java.util.concurrent.atomic.AtomicReference;
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
    private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>(Refusal.NOT_CONNECTED);

    /** Why no use can begin. */
    private record Refusal(String reason, @Nullable Throwable cause) {
        static final Refusal NOT_CONNECTED = new Refusal("has not connected yet", null);

        /** Stays: what connects in the background may end after the stop. */
        static final Refusal STOPPING = new Refusal("is stopping", null);
    }

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
        Refusal now = refusal.get();
        if (now != null) {
            throw new NotConnectedException("plugin '" + plugin + "': " + now.reason(), now.cause());
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

    /** Lets uses begin, unless the plugin stops; returns whether they can. */
    boolean connected() {
        return change(null) == null;
    }

    /** Refuses uses until there is a connection. */
    void refuse(String reason, Throwable cause) {
        Refusal _ = change(new Refusal(reason, cause));
    }

    /** Refuses uses permanently. */
    void stop() {
        refusal.set(Refusal.STOPPING);
    }

    private @Nullable Refusal change(@Nullable Refusal next) {
        return refusal.updateAndGet(now -> Refusal.STOPPING.equals(now) ? now : next);
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
