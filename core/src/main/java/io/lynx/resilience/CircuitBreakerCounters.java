package io.lynx.resilience;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** The totals of a breaker over all its states. Exact and thread-safe; reading is for metrics, not for decisions. */
final class CircuitBreakerCounters {
    private static final int STATES = CircuitBreakerState.values().length;

    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final AtomicLongArray transitions = new AtomicLongArray(STATES * STATES);

    void success() {
        successes.increment();
    }

    void failure() {
        failures.increment();
    }

    void rejection() {
        rejected.increment();
    }

    void transition(CircuitBreakerState from, CircuitBreakerState to) {
        transitions.incrementAndGet(from.code() * STATES + to.code());
    }

    long successes() {
        return successes.sum();
    }

    long failures() {
        return failures.sum();
    }

    long rejected() {
        return rejected.sum();
    }

    long transitions(CircuitBreakerState from, CircuitBreakerState to) {
        return transitions.get(from.code() * STATES + to.code());
    }

    /** Returns the number of all calls, rejected ones included. */
    long total() {
        return successes() + failures() + rejected();
    }
}
