package io.lynx.resilience;

import static io.lynx.resilience.CircuitBreakerOpenException.UNKNOWN;

import io.lynx.time.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops calls to what keeps failing, waits, and lets a few probes find out whether it is back. Thread-safe and lock-free.
 *
 * <h2>Design</h2>
 *
 * The breaker is one volatile reference to a {@link BreakerState}. A transition is a compare-and-set from the very state
 * object that decided it, so of all threads that see the same reason exactly one makes it. Permits hold the state that
 * issued them and report to it, so results that come late reach an object nobody looks at any more.
 *
 * <p>A decision takes effect in the state before the reference moves: a tripped detector or a decided round of probes
 * stays so, and whoever meets it makes the transition before going on. To callers both are one instant, which
 * {@code CircuitBreakerRaceTest} checks.
 *
 * <pre>
 *            detector trips                    timeout over
 *  CLOSED ───────────────────► OPEN ─────────────────────────► HALF_OPEN ──┐ probes lost
 *     ▲                          ▲        a probe fails            │  │  ▲  │
 *     │                          └─────────────────────────────────┘  │  └──┘
 *     └───────────────────────────────────────────────────────────────┘  all probes succeed
 *
 *  forceOpen, disable, metricsOnly, reset: from any state
 * </pre>
 *
 * Time moves it on the next acquire or read of the state, whichever comes first; there is no thread or timer. The closed
 * state in consecutive mode reads no clock, and writes nothing but the total of successes. Totals count every result
 * once, late ones included; states count their own.
 */
public final class CircuitBreaker {
    /** The longest name that a breaker may have. */
    public static final int LONGEST_NAME = 200;

    private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(CircuitBreaker.class, "state", BreakerState.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final CircuitBreakerConfig config;
    private final Ticker ticker;
    private final List<Consumer<? super CircuitBreakerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CircuitBreakerCounters counters = new CircuitBreakerCounters();

    private volatile BreakerState state;

    private CircuitBreaker(String name, CircuitBreakerConfig config, Ticker ticker) {
        this.name = name;
        this.config = config;
        this.ticker = ticker;
        this.state = new ClosedState(this, 0);
    }

    /**
     * A closed breaker on the JVM's clock.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config) {
        return of(name, config, Ticker.system());
    }

    /**
     * A closed breaker on a clock.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config, Ticker ticker) {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "circuit breaker name: " + name.length() + " characters; allowed is 1 to " + LONGEST_NAME);
        }
        return new CircuitBreaker(name, config, ticker);
    }

    /**
     * A permit to make one call, or null if the breaker rejects it.
     *
     * @see #acquire
     */
    public @Nullable Permit tryAcquire() {
        Permit permit = state.tryAcquire();
        if (permit == null) {
            countRejection();
        }
        return permit;
    }

    /**
     * A permit to make one call. Resolve it, and close it, in a try-with-resources.
     *
     * @throws CircuitBreakerOpenException if the breaker rejects the call
     */
    public Permit acquire() {
        Permit permit = state.tryAcquire();
        if (permit == null) {
            throw rejected();
        }
        return permit;
    }

    /**
     * Makes a call on this thread and takes its result or exception as the verdict. Errors are failures.
     *
     * @throws CircuitBreakerOpenException if the breaker rejects the call
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return state.call(callable);
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** What it was made with. */
    public CircuitBreakerConfig config() {
        return config;
    }

    /** The present state; time that has passed counts, so an open breaker that nobody calls becomes half-open by this. */
    public CircuitBreakerState state() {
        return settled().state();
    }

    /** Who decides about the state. */
    public CircuitBreakerMode mode() {
        return state.mode();
    }

    /** All of it at this moment. */
    public CircuitBreakerSnapshot snapshot() {
        for (; ; ) {
            BreakerState now = settled();
            CircuitBreakerSnapshot snapshot = snapshot(now);
            // Else a result has decided the state meanwhile, and the snapshot may be half of before, half of after.
            if (settled() == now) {
                return snapshot;
            }
        }
    }

    private CircuitBreakerSnapshot snapshot(BreakerState now) {
        FailureDetector.Tally tally = now.tally();
        HalfOpenState.Progress probes = now instanceof HalfOpenState halfOpen ? halfOpen.progress() : null;
        return new CircuitBreakerSnapshot(
                name,
                now.state(),
                now.mode(),
                now.generation,
                retryAfter(now),
                tally.calls(),
                tally.failures(),
                tally.slow(),
                probes == null ? 0 : probes.inFlight(),
                probes == null ? 0 : probes.succeeded(),
                successes(),
                failures(),
                rejections());
    }

    /** Total of successful calls. */
    public long successes() {
        return counters.successes();
    }

    /** Total of failed calls. */
    public long failures() {
        return counters.failures();
    }

    /** Total of refused calls. */
    public long rejections() {
        return counters.rejected();
    }

    /** Total of changes from one state to another. */
    public long transitions(CircuitBreakerState from, CircuitBreakerState to) {
        return counters.transitions(from, to);
    }

    /** Rejects all calls until {@link #reset} or another mode. */
    public void forceOpen() {
        moveTo(ForcedOpenState::new);
    }

    /** Admits all calls and counts none until {@link #reset} or another mode. */
    public void disable() {
        moveTo(DisabledState::new);
    }

    /** Admits and counts all calls but never opens, until {@link #reset} or another mode. */
    public void metricsOnly() {
        moveTo(MetricsOnlyState::new);
    }

    /** Closes it, with nothing counted against it, and lets calls decide again. The totals go on. */
    public void reset() {
        moveTo(ClosedState::new);
    }

    /**
     * Tells {@code listener} of every event from now on, on the thread that causes it; it must not block. What it throws
     * is logged and harms no call.
     */
    public void addListener(Consumer<? super CircuitBreakerEvent> listener) {
        listeners.add(listener);
    }

    /** Tells {@code listener} no more. */
    public void removeListener(Consumer<? super CircuitBreakerEvent> listener) {
        listeners.remove(listener);
    }

    /** A short form for logs, such as {@code payments: open}. */
    @Override
    public String toString() {
        BreakerState now = state;
        String mode = now.mode() == CircuitBreakerMode.AUTOMATIC
                ? ""
                : " (" + now.mode().label() + ")";
        return name + ": " + now.state().label() + mode;
    }

    Ticker ticker() {
        return ticker;
    }

    CircuitBreakerCounters counters() {
        return counters;
    }

    /** What counts against it if calls decide and it is closed, else null. Moves nothing, so no listener is called. */
    FailureDetector.@Nullable Tally closedTally() {
        return state instanceof ClosedState closed ? closed.tally() : null;
    }

    /**
     * Ends the open time now, so that the next calls are probes: for a caller that knows that the dependency is back. Does
     * nothing in any other state, and nothing to a breaker that was forced open.
     *
     * @return whether it was open and is half-open now
     */
    public boolean probeNow() {
        return settled() instanceof OpenState open && open.probeNow();
    }

    /** Moves from one state to the next, if {@code from} still is the state; returns the state that is. */
    BreakerState replace(BreakerState from, BreakerState to) {
        move(from, to);
        return state;
    }

    private boolean move(BreakerState from, BreakerState to) {
        if (!STATE.compareAndSet(this, from, to)) {
            return false;
        }
        if (from.state() != to.state()) {
            counters.transition(from.state(), to.state());
        }
        if (!listeners.isEmpty()) {
            publish(new CircuitBreakerEvent.StateChanged(
                    name, to.generation, from.state(), to.state(), to.mode(), retryAfter(to)));
        }
        return true;
    }

    /** Begins a new round of probes, if {@code from} still is the state. */
    BreakerState renew(HalfOpenState from, HalfOpenState to, int lost) {
        if (STATE.compareAndSet(this, from, to) && !listeners.isEmpty()) {
            publish(new CircuitBreakerEvent.ProbesExpired(name, lost));
        }
        return state;
    }

    /** Puts an equal state in the place of {@code from}; nobody is told. */
    BreakerState substitute(BreakerState from, BreakerState to) {
        STATE.compareAndSet(this, from, to);
        return state;
    }

    /** Counts what a call threw, unless it is no failure; returns whether it is one. */
    boolean countFailure(Throwable cause) {
        if (!isFailure(cause)) {
            return false;
        }
        counters.failure();
        if (!listeners.isEmpty()) {
            publish(new CircuitBreakerEvent.CallFailed(name, cause));
        }
        return true;
    }

    /** Counts a rejection and describes it. */
    CircuitBreakerOpenException rejected() {
        countRejection();
        BreakerState now = state;
        return now.state() == CircuitBreakerState.CLOSED
                // It closed between the rejection and here.
                ? new CircuitBreakerOpenException(name, CircuitBreakerState.HALF_OPEN, UNKNOWN)
                : new CircuitBreakerOpenException(name, now.state(), now.retryAfterNanos());
    }

    private void countRejection() {
        counters.rejection();
        if (!listeners.isEmpty()) {
            publish(new CircuitBreakerEvent.CallRejected(name, state.state()));
        }
    }

    private boolean isFailure(Throwable cause) {
        try {
            return config.isFailure(cause);
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).addKeyValue("breaker", name).log("Failure predicate threw; counting a failure");
            return true;
        }
    }

    private void publish(CircuitBreakerEvent event) {
        for (Consumer<? super CircuitBreakerEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).addKeyValue("breaker", name).log("Circuit breaker listener threw");
            }
        }
    }

    private void moveTo(Manual next) {
        BreakerState from;
        BreakerState to;
        do {
            from = state;
            to = next.state(this, from.generation + 1);
        } while (!move(from, to));
    }

    private BreakerState settled() {
        state.settle();
        return state;
    }

    private static Optional<Duration> retryAfter(BreakerState state) {
        long nanos = state.retryAfterNanos();
        return nanos == UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** Makes a state that an operator asks for. */
    @FunctionalInterface
    private interface Manual {
        BreakerState state(CircuitBreaker breaker, long generation);
    }
}
