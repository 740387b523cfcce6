package io.lynx.recovery.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.recovery.ErrorOrigin;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One component: the state of its recovery, its restarts and its quarantine.
 *
 * <pre>
 *          error            dispatch             end             cool-down over
 *   IDLE ────────► QUEUED ───────────► RUNNING ───────► COOLING ───────────────► IDLE
 *                    ▲                  │ │ │               │ error meanwhile
 *                    ├──────────────────┘ │ └► HELD         │
 *                    │   worse error      ▼                 │
 *                    ├─────────────────PARKED               │
 *                    │  next attempt                        │
 *                    └──────────────────────────────────────┘
 * </pre>
 *
 * The state is one reference to an immutable value that changes by CAS. An error that arrives while a recovery is in
 * progress coalesces with it. A quarantine outlasts the state PARKED: it ends only when the component has worked for a
 * while after a restart. Thread-safe.
 */
final class Component {
    private final String name;
    private final AtomicReference<State> state = new AtomicReference<>(new Idle());
    private final AtomicReference<@Nullable Quarantine> quarantine = new AtomicReference<>();
    private final Restarts restarts;
    private final LongAdder coalesced = new LongAdder();
    private final ComponentHealth health = new ComponentHealth();

    /** The state of a component's recovery. */
    sealed interface State {}

    record Idle() implements State {}

    /** Waits for its recovery to be started. */
    record Queued(RecordedError error) implements State {}

    /** A recovery is in progress; {@code rerun} is a worse error that arrived meanwhile. */
    record Running(RecordedError error, @Nullable RecordedError rerun) implements State {}

    /** A recovery ended a moment ago; {@code next} is the worst error that arrived since, or the failed one again. */
    record Cooling(@Nullable RecordedError next) implements State {}

    /** Quarantined, until the next attempt or a reset. */
    record Parked() implements State {}

    /** An abandoned strategy still runs. */
    record Held() implements State {}

    /** Removed; a caller that still has it looks it up again. */
    record Forgotten() implements State {}

    /** The phases of a quarantine. */
    enum Phase {
        /** Until the next attempt. */
        WAITING,
        /** The attempt is queued or in progress. */
        ATTEMPT,
        /** The attempt succeeded; the component has to work for the restart window. */
        PROBATION
    }

    /**
     * A quarantine. Every change makes a new object, so that a timer finds out whether its quarantine is still the same.
     *
     * @param reason why it began
     * @param error the error that led to it
     * @param pause the time from its begin, or the last attempt, to the next attempt
     */
    record Quarantine(String reason, RecordedError error, Duration pause, Phase phase) {
        Quarantine in(Phase next) {
            return new Quarantine(reason, error, pause, next);
        }

        ErrorOrigin origin() {
            return error.record().origin();
        }
    }

    /** What became of an error. */
    enum Offer {
        /** It waits for its dispatch, which the caller must request. */
        QUEUED,
        /** It belongs to the recovery that is in progress or ended a moment ago. */
        COALESCED,
        /** There is no recovery until something changes. */
        HELD,
        /** The component was removed; look it up again. */
        FORGOTTEN
    }

    /**
     * Counts the restarts of a component within a window, as the supervisors of Erlang/OTP do: the configured number is
     * allowed. Thread-safe.
     */
    static final class Restarts {
        private final int limit;
        private final long windowNanos;

        @GuardedBy("this")
        private final Deque<Long> times = new ArrayDeque<>();

        Restarts(int limit, Duration window) {
            this.limit = limit;
            this.windowNanos = window.toNanos();
        }

        /** Counts a restart; returns false, and counts nothing, if the limit has been reached. */
        synchronized boolean tryRestart(long now) {
            if (count(now) >= limit) {
                return false;
            }
            times.addLast(now);
            return true;
        }

        /** Counts a restart beyond the limit. */
        synchronized void add(long now) {
            if (times.size() > limit) {
                times.removeFirst();
            }
            times.addLast(now);
        }

        /** Returns the reason of a quarantine that begins because the limit has been reached. */
        String exhausted() {
            return limit + " restarts within " + Duration.ofNanos(windowNanos).toSeconds() + "s did not help";
        }

        /** Returns the number of restarts within the window. */
        synchronized int count(long now) {
            while (!times.isEmpty() && now - times.getFirst() >= windowNanos) {
                times.removeFirst();
            }
            return times.size();
        }

        synchronized void reset() {
            times.clear();
        }
    }

    Component(String name, Restarts restarts) {
        this.name = name;
        this.restarts = restarts;
    }

    String name() {
        return name;
    }

    State state() {
        return state.get();
    }

    @Nullable
    Quarantine quarantine() {
        return quarantine.get();
    }

    /** Changes the quarantine, if it is still that one. */
    boolean changeQuarantine(@Nullable Quarantine from, @Nullable Quarantine to) {
        return quarantine.compareAndSet(from, to);
    }

    /** Returns whether it is quarantined and not on probation. */
    boolean isParked() {
        Quarantine now = quarantine.get();
        return state.get() instanceof Parked || (now != null && now.phase() != Phase.PROBATION);
    }

    /** Counts a restart, unless another one would be too many: the limit has been reached, or it is on probation. */
    boolean tryRestart(long now) {
        return quarantine.get() == null && restarts.tryRestart(now);
    }

    Restarts restarts() {
        return restarts;
    }

    /** Returns what is known of its health. */
    ComponentHealth health() {
        return health;
    }

    long coalesced() {
        return coalesced.sum();
    }

    /** Requests a recovery; the full record is made only if it is needed. */
    Offer offer(int urgency, Supplier<RecordedError> error) {
        while (true) {
            State now = state.get();
            State next =
                    switch (now) {
                        case Idle _ -> new Queued(error.get());
                        case Queued queued when isWorse(urgency, queued.error()) -> new Queued(error.get());
                        case Running(RecordedError current, RecordedError rerun)
                        when isWorse(urgency, rerun == null ? current : rerun) -> new Running(current, error.get());
                        case Cooling(RecordedError waiting)
                        when waiting == null || isWorse(urgency, waiting) -> new Cooling(error.get());
                        case Queued _, Running _, Cooling _, Parked _, Held _, Forgotten _ -> now;
                    };
            if (now instanceof Forgotten) {
                return Offer.FORGOTTEN;
            }
            if (now instanceof Parked || now instanceof Held) {
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

    private static boolean isWorse(int urgency, RecordedError than) {
        return urgency > RecoveryPolicy.ofError(than.record());
    }

    /** Changes the state, if it is still that one. */
    boolean change(State from, State to) {
        return state.compareAndSet(from, to);
    }

    /** Ends a recovery: a worse error runs next, others cool down; returns the new state. */
    State ended(@Nullable RecordedError again) {
        while (true) {
            State now = state.get();
            State next =
                    switch (now) {
                        case Running(RecordedError ended, RecordedError rerun) ->
                            rerun == null ? new Cooling(again) : new Queued(rerun);
                        case Queued _ -> new Cooling(again);
                        case Idle _, Cooling _, Parked _, Held _, Forgotten _ -> now;
                    };
            if (next.equals(now) || state.compareAndSet(now, next)) {
                return next;
            }
        }
    }

    /** Ends the cool-down; returns true if an error arrived meanwhile and is queued now. */
    boolean cooled() {
        while (true) {
            State now = state.get();
            if (!(now instanceof Cooling(RecordedError waiting))) {
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

    /** Removes it, if it is idle and has nothing to remember. */
    boolean forget(long now, long windowNanos) {
        State idle = state.get();
        return idle instanceof Idle
                && quarantine.get() == null
                && health.isForgettable(now, windowNanos)
                && restarts.count(now) == 0
                && state.compareAndSet(idle, new Forgotten());
    }

    /** Forgets everything that was held against it. */
    void absolve(long now) {
        restarts.reset();
        health.recovered(true, now);
    }
}
