package io.lynx.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The circuit breakers of an application by name, made on first use from the configuration of their name or the common
 * one. Thread-safe; looking up a breaker that exists takes no lock.
 *
 * <p>Names are bounded, as they may come from outside. When all are taken, a new name replaces one whose breaker is
 * closed, without failures to remember and without calls since it was last looked at, or without calls for
 * {@link Builder#idleAfter}; the search goes round, so it costs little. Breakers with a configuration of their own stay.
 * If every breaker is in use, the new name gets {@link #unprotected()}: protecting a name is given up before sharing a
 * breaker between names, which would let one that fails stop the others.
 */
public final class CircuitBreakers {
    /** The name of the breaker for names beyond the bound. */
    public static final String OTHER = "other";

    private final CircuitBreakerConfig defaults;
    private final Map<String, CircuitBreakerConfig> overrides;
    private final int maxNames;
    private final long idleNanos;
    private final Ticker ticker;
    private final List<Consumer<? super CircuitBreakerEvent>> listeners;
    private final CircuitBreaker unprotected;
    private final LongAdder evictions = new LongAdder();
    private final LongAdder overflows = new LongAdder();

    private final ConcurrentHashMap<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    /** Breakers that may be evicted, the next to look at first. */
    @GuardedBy("lock")
    private final Deque<Candidate> candidates = new ArrayDeque<>();

    /** A breaker and what was seen of it last. */
    private record Candidate(CircuitBreaker breaker, long calls, long since) {}

    private CircuitBreakers(Builder builder) {
        this.defaults = builder.defaults;
        this.overrides = Map.copyOf(builder.overrides);
        this.maxNames = builder.maxNames;
        this.idleNanos = builder.idleAfter.toNanos();
        this.ticker = builder.ticker;
        this.listeners = List.copyOf(builder.listeners);
        this.unprotected = CircuitBreaker.of(OTHER, defaults, ticker);
        unprotected.disable();
    }

    /** Breakers with these defaults on the JVM's clock. */
    public static CircuitBreakers of(CircuitBreakerConfig defaults) {
        return builder(defaults).build();
    }

    /** A builder with what the section says of all breakers and of single ones. */
    public static Builder builder(CircuitBreakerSection section) {
        Builder builder = new Builder(SectionMapping.common(section));
        section.breakers().forEach((name, own) -> builder.override(name, SectionMapping.config(section, own)));
        return builder;
    }

    /** A builder with the configuration of every name that has none of its own. */
    public static Builder builder(CircuitBreakerConfig defaults) {
        return new Builder(defaults);
    }

    /**
     * The breaker of this name.
     *
     * @param name 1 to 200 characters
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public CircuitBreaker get(String name) {
        CircuitBreaker known = breakers.get(name);
        return known != null ? known : create(name);
    }

    /** The breaker of this name if there is one; none is made. */
    public Optional<CircuitBreaker> find(String name) {
        return Optional.ofNullable(breakers.get(name));
    }

    /** All breakers, in no order, as they are now. */
    public Collection<CircuitBreaker> all() {
        return List.copyOf(breakers.values());
    }

    /** Admits every call; for names that there is no room for. */
    public CircuitBreaker unprotected() {
        return unprotected;
    }

    /** Total of breakers that made room for others. */
    public long evictions() {
        return evictions.sum();
    }

    /** Total of look-ups that found no room; above zero means that names are not bounded where they come from. */
    public long overflows() {
        return overflows.sum();
    }

    private CircuitBreaker create(String name) {
        CircuitBreakerConfig own = overrides.get(name);
        CircuitBreaker created = CircuitBreaker.of(name, own == null ? defaults : own, ticker);
        listeners.forEach(created::addListener);
        synchronized (lock) {
            CircuitBreaker known = breakers.get(name);
            if (known != null) {
                return known;
            }
            if (breakers.size() >= maxNames && !evict() && own == null) {
                overflows.increment();
                return unprotected;
            }
            breakers.put(name, created);
            if (own == null) {
                candidates.addLast(look(created));
            }
            return created;
        }
    }

    /** Removes one idle breaker. */
    @GuardedBy("lock")
    private boolean evict() {
        for (int i = candidates.size(); i > 0; i--) {
            Candidate seen = candidates.removeFirst();
            Candidate now = look(seen.breaker);
            boolean untouched = now.calls == seen.calls;
            if (untouched && isEvictable(now, now.since - seen.since)) {
                breakers.remove(seen.breaker.name(), seen.breaker);
                evictions.increment();
                return true;
            }
            candidates.addLast(untouched ? seen : now);
        }
        return false;
    }

    private Candidate look(CircuitBreaker breaker) {
        return new Candidate(breaker, breaker.counters().total(), ticker.nanos());
    }

    private boolean isEvictable(Candidate candidate, long idle) {
        FailureDetector.Tally tally = candidate.breaker.closedTally();
        return tally != null && (idle >= idleNanos || (tally.failures() == 0 && tally.slow() == 0));
    }

    /** Collects the values of {@link CircuitBreakers}. Not thread-safe. */
    public static final class Builder {
        private static final int MOST_NAMES = 1024;

        private final CircuitBreakerConfig defaults;
        private final Map<String, CircuitBreakerConfig> overrides = new HashMap<>();
        private final List<Consumer<? super CircuitBreakerEvent>> listeners = new ArrayList<>();
        private int maxNames = MOST_NAMES;
        private Duration idleAfter = Duration.ofMinutes(5);
        private Ticker ticker = Ticker.system();

        private Builder(CircuitBreakerConfig defaults) {
            this.defaults = defaults;
        }

        /** The configuration of one name. */
        public Builder override(String name, CircuitBreakerConfig config) {
            overrides.put(name, config);
            return this;
        }

        /** How many breakers there may be, 1 to 100,000; 1024 unless set. */
        public Builder maxNames(int names) {
            this.maxNames = names;
            return this;
        }

        /** When a breaker without calls may be replaced although it remembers failures; 5 min unless set. */
        public Builder idleAfter(Duration duration) {
            this.idleAfter = duration;
            return this;
        }

        /** The clock; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** Tells {@code listener} of the events of every breaker, as {@link CircuitBreaker#addListener} does. */
        public Builder listener(Consumer<? super CircuitBreakerEvent> listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * The breakers.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CircuitBreakers build() {
            Problems problems = new Problems("circuit_breakers");
            problems.unless(maxNames >= 1 && maxNames <= 100_000, "max_names", maxNames, "1 to 100000");
            problems.unless(
                    overrides.size() <= maxNames,
                    "overrides",
                    overrides.size(),
                    "at most max_names (" + maxNames + ")");
            problems.atLeast("idle_after", idleAfter, Duration.ofMillis(1));
            problems.raise();
            return new CircuitBreakers(this);
        }
    }
}
