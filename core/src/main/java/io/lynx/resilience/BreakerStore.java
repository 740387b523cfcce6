package io.lynx.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Ticker;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of {@link CircuitBreakers} by name, bounded in number. Thread-safe; finding a breaker takes no lock.
 *
 * <p>When all places are taken, a new name replaces one whose breaker is closed, without failures to remember and without
 * calls since it was last inspected, or without calls for the idle time. The search goes round, so that it costs little. A
 * breaker that was replaced stays reachable by its name for as long as anything else holds it: it is kept by a weak reference
 * that the garbage collector clears. So two callers never use two breakers of one name.
 */
final class BreakerStore {
    private final int maxNames;
    private final long idleNanos;
    private final Ticker ticker;
    private final LongAdder evictions = new LongAdder();
    private final LongAdder overflows = new LongAdder();

    private final ConcurrentHashMap<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Released> released = new ConcurrentHashMap<>();
    private final ReferenceQueue<CircuitBreaker> cleared = new ReferenceQueue<>();
    private final Object lock = new Object();

    /** Breakers that may be evicted, in the order of their next inspection. */
    @GuardedBy("lock")
    private final Deque<Candidate> candidates = new ArrayDeque<>();

    /** A breaker and what the last inspection found. */
    private record Candidate(CircuitBreaker breaker, long calls, long since) {}

    /** An evicted breaker that something else may still hold. */
    private static final class Released extends WeakReference<CircuitBreaker> {
        final String name;
        final long calls;

        Released(CircuitBreaker breaker, ReferenceQueue<CircuitBreaker> queue) {
            super(breaker, queue);
            this.name = breaker.name();
            this.calls = breaker.counters().total();
        }
    }

    BreakerStore(int maxNames, long idleNanos, Ticker ticker) {
        this.maxNames = maxNames;
        this.idleNanos = idleNanos;
        this.ticker = ticker;
    }

    /** Returns the breaker of this name; null if there is none. */
    @Nullable
    CircuitBreaker find(String name) {
        CircuitBreaker known = breakers.get(name);
        if (known != null) {
            return known;
        }
        Released evicted = released.get(name);
        CircuitBreaker held = evicted == null ? null : evicted.get();
        return held == null ? breakers.get(name) : held; // It may have come back between the two looks.
    }

    /** Returns all breakers, those included that are still called although they were evicted. */
    Collection<CircuitBreaker> all() {
        List<CircuitBreaker> all = new ArrayList<>(breakers.values());
        for (Released evicted : released.values()) {
            CircuitBreaker held = evicted.get();
            if (held != null && held.counters().total() != evicted.calls) {
                all.add(held);
            }
        }
        return List.copyOf(all);
    }

    /**
     * Returns the breaker of this name, making it if need be.
     *
     * @param isPermanent whether it is always given a place and never evicted
     * @return null if there is no place for it
     */
    @Nullable
    CircuitBreaker get(String name, boolean isPermanent, Function<String, CircuitBreaker> factory) {
        CircuitBreaker known = breakers.get(name);
        if (known != null) {
            return known;
        }
        synchronized (lock) {
            purge();
            known = breakers.get(name);
            if (known != null) {
                return known;
            }
            CircuitBreaker held = find(name);
            if (breakers.size() >= maxNames && !evict() && !isPermanent) {
                if (held == null) {
                    overflows.increment();
                }
                return held;
            }
            CircuitBreaker breaker = held == null ? factory.apply(name) : held;
            breakers.put(name, breaker);
            released.remove(name);
            if (!isPermanent) {
                candidates.addLast(inspect(breaker));
            }
            return breaker;
        }
    }

    /** Returns the number of places that are taken. */
    int size() {
        return breakers.size();
    }

    long evictions() {
        return evictions.sum();
    }

    long overflows() {
        return overflows.sum();
    }

    /** Evicts one idle breaker; returns whether there was one. */
    @GuardedBy("lock")
    private boolean evict() {
        for (int i = candidates.size(); i > 0; i--) {
            Candidate seen = candidates.removeFirst();
            Candidate now = inspect(seen.breaker);
            boolean untouched = now.calls == seen.calls;
            if (untouched && isEvictable(now, now.since - seen.since)) {
                // In this order, so that a reader finds it in one of the maps.
                released.put(seen.breaker.name(), new Released(seen.breaker, cleared));
                breakers.remove(seen.breaker.name(), seen.breaker);
                evictions.increment();
                return true;
            }
            candidates.addLast(untouched ? seen : now);
        }
        return false;
    }

    private void purge() {
        Reference<? extends CircuitBreaker> reference = cleared.poll();
        while (reference != null) {
            if (reference instanceof Released evicted) {
                released.remove(evicted.name, evicted);
            }
            reference = cleared.poll();
        }
    }

    private Candidate inspect(CircuitBreaker breaker) {
        return new Candidate(breaker, breaker.counters().total(), ticker.nanos());
    }

    private boolean isEvictable(Candidate candidate, long idle) {
        FailureDetector.CallCounts counts = candidate.breaker.closedCounts();
        return counts != null && (idle >= idleNanos || (counts.failures() == 0 && counts.slow() == 0));
    }
}
