package io.lynx.recovery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one component: where its recovery stands, its restarts, and what health asks about.
 *
 * <pre>
 *          error            dispatch             end             cool-down over
 *   IDLE ────────► QUEUED ───────────► RUNNING ───────► COOLING ───────────────► IDLE
 *                    ▲                  │ │ │               │ error meanwhile
 *                    ├──────────────────┘ │ └► QUARANTINED  │
 *                    │   worse error      ▼                 │
 *                    │                  PARKED              │
 *                    └──────────────────────────────────────┘
 * </pre>
 *
 * One reference to an immutable state, changed by CAS; a recording thread reads it and, only if it has news, tries once
 * more than its rivals. Errors that find a recovery under way are coalesced with it. Thread-safe.
 */
final class Component {
    static final long NEVER = Long.MIN_VALUE / 2;
    private static final long COARSE_NANOS = 50_000_000;

    private final String name;
    private final AtomicReference<State> state = new AtomicReference<>(new Idle());
    private final RestartIntensity restarts;
    private final LongAdder coalesced = new LongAdder();
    private final Set<String> failingChecks = ConcurrentHashMap.newKeySet();
    private volatile long lastError = NEVER;
    private volatile long lastCritical = NEVER;
    private volatile long criticalHealed = NEVER;
    private volatile long degradedAt = NEVER;

    /** Where the recovery of a component stands. */
    sealed interface State {}

    record Idle() implements State {}

    /** Waits to be dispatched. */
    record Queued(ErrorEntry error) implements State {}

    /** Is being recovered; {@code rerun} is a worse error that came meanwhile. */
    record Running(ErrorEntry error, @Nullable ErrorEntry rerun) implements State {}

    /** Was recovered, or not, a moment ago; {@code next} is an error that came since, the worst. */
    record Cooling(@Nullable ErrorEntry next) implements State {}

    /** Given up, by an error of that origin. */
    record Parked(String reason, ErrorOrigin origin) implements State {}

    /** Held by a strategy that does not end. */
    record Quarantined() implements State {}

    /** Forgotten; whoever still holds it looks it up again. */
    record Forgotten() implements State {}

    /** What became of an error. */
    enum Offer {
        /** It waits for its dispatch, which the caller must ask for. */
        QUEUED,
        /** It goes with the recovery that is under way or was a moment ago. */
        COALESCED,
        /** There is no recovery until something changes. */
        HELD,
        /** The component is another one now. */
        FORGOTTEN
    }

    Component(String name, RestartIntensity restarts) {
        this.name = name;
        this.restarts = restarts;
    }

    String name() {
        return name;
    }

    State state() {
        return state.get();
    }

    RestartIntensity restarts() {
        return restarts;
    }

    long coalesced() {
        return coalesced.sum();
    }

    /** Takes note of an error. */
    void seen(ErrorSeverity severity, long now) {
        if (now - lastError > COARSE_NANOS) {
            lastError = now;
        }
        if (severity == ErrorSeverity.CRITICAL) {
            lastCritical = now;
        }
    }

    /** Takes note of a check that fails; returns whether that is news. */
    boolean checkFailed(String check) {
        return failingChecks.add(check);
    }

    /** Takes note of a check that is well; returns whether that is news. */
    boolean checkHealed(String check) {
        return failingChecks.remove(check);
    }

    /** Asks for a recovery; the full record is made only if it is needed. */
    Offer offer(int urgency, Supplier<ErrorEntry> error) {
        while (true) {
            State now = state.get();
            State next =
                    switch (now) {
                        case Idle _ -> new Queued(error.get());
                        case Queued queued when isWorse(urgency, queued.error()) -> new Queued(error.get());
                        case Running(ErrorEntry current, ErrorEntry rerun)
                        when isWorse(urgency, rerun == null ? current : rerun) -> new Running(current, error.get());
                        case Cooling(ErrorEntry waiting)
                        when waiting == null || isWorse(urgency, waiting) -> new Cooling(error.get());
                        case Queued _, Running _, Cooling _, Parked _, Quarantined _, Forgotten _ -> now;
                    };
            if (now instanceof Forgotten) {
                return Offer.FORGOTTEN;
            }
            if (now instanceof Parked || now instanceof Quarantined) {
                return Offer.HELD;
            }
            if (next.equals(now) || state.compareAndSet(now, next)) {
                if (now instanceof Idle) {
                    return Offer.QUEUED;
                }
                coalesced.increment();
                return Offer.COALESCED;
            }
        }
    }

    private static boolean isWorse(int urgency, ErrorEntry than) {
        return urgency > RecoveryPolicy.ofError(than.record());
    }

    /** Changes the state, if it is still that one. */
    boolean change(State from, State to) {
        return state.compareAndSet(from, to);
    }

    /** Ends a recovery: a worse error runs next, others cool down; returns the new state. */
    State ended(@Nullable ErrorEntry again) {
        while (true) {
            State now = state.get();
            State next =
                    switch (now) {
                        case Running(ErrorEntry ended, ErrorEntry rerun) ->
                            rerun == null ? new Cooling(again) : new Queued(rerun);
                        case Queued _ -> new Cooling(again);
                        case Idle _, Cooling _, Parked _, Quarantined _, Forgotten _ -> now;
                    };
            if (next.equals(now) || state.compareAndSet(now, next)) {
                return next;
            }
        }
    }

    /** Ends the cool-down; returns true if an error came meanwhile and is queued now. */
    boolean cooled() {
        while (true) {
            State now = state.get();
            if (!(now instanceof Cooling(ErrorEntry waiting))) {
                return false;
            }
            if (state.compareAndSet(now, waiting == null ? new Idle() : new Queued(waiting))) {
                return waiting != null;
            }
        }
    }

    /** Sets the state whatever it was. */
    void hold(State held) {
        state.set(held);
    }

    /** Makes it forgotten, if it is idle and has nothing to remember. */
    boolean forget(long now, long windowNanos) {
        State idle = state.get();
        return idle instanceof Idle
                && now - lastError > windowNanos
                && now - lastCritical > windowNanos
                && restarts.count(now) == 0
                && failingChecks.isEmpty()
                && state.compareAndSet(idle, new Forgotten());
    }

    /** It works, as was verified. */
    void recovered(boolean critical, long now) {
        degradedAt = NEVER;
        if (critical) {
            criticalHealed = now;
        }
    }

    /** It works with less. */
    void degraded(boolean critical, long now) {
        degradedAt = now;
        if (critical) {
            criticalHealed = now;
        }
    }

    /** Forgets everything that was held against it. */
    void absolve(long now) {
        restarts.reset();
        recovered(true, now);
    }

    boolean hasUnrecoveredCritical(long now, long windowNanos) {
        long last = lastCritical;
        return last > criticalHealed && now - last < windowNanos;
    }

    /** Whether a fallback took over and errors are not a window ago. */
    boolean isDegraded(long now, long windowNanos) {
        long since = degradedAt;
        return since != NEVER && now - Math.max(since, lastError) < windowNanos;
    }
}
