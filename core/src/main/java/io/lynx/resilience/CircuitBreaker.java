package io.lynx.resilience;

import static io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException.UNKNOWN;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.FailureClassifier.Verdict;
import io.lynx.time.Ticker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stops calls to a service that keeps failing, waits, and lets a few probes find out whether it works again. Thread-safe and
 * lock-free.
 *
 * <h2>Design</h2>
 *
 * The breaker is one volatile reference to a {@link BreakerState}. A transition is a compare-and-set from the very state
 * object that decided it, so that of all threads that see the same reason exactly one makes it. Permits hold the state that
 * issued them and report to it; a late result therefore reaches an object that no longer decides anything.
 *
 * <p>A decision takes effect in the state before the reference moves: a tripped detector or a decided round of probes
 * stays decided, and the next thread that reads it makes the transition before it continues. To callers both are one
 * instant, which {@code CircuitBreakerRaceTest} checks.
 *
 * <pre>
 *            detector trips                    timeout over
 *  CLOSED ───────────────────► OPEN ─────────────────────────► HALF_OPEN ──┐ probes lost
 *     ▲                          ▲    a probe fails, or is slow    │  │  ▲  │
 *     │                          └─────────────────────────────────┘  │  └──┘
 *     └───────────────────────────────────────────────────────────────┘  all probes succeed
 *
 *  forceOpen, disable, metricsOnly, reset: from any state
 * </pre>
 *
 * Time moves it on the next acquire or call of {@link #state}, whichever comes first; there is no thread or timer. A {@link
 * #snapshot} does not, so that monitoring changes nothing. The closed state in consecutive mode reads no clock, and writes
 * nothing but the total of successes. Totals count every result once, late ones included; states count their own.
 */
public final class CircuitBreaker {
    /** The maximum length of a breaker's name, in characters. */
    public static final int MAX_NAME_LENGTH = 200;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(CircuitBreaker.class, "state", BreakerState.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Ticker ticker;
    private final DoubleSupplier random;
    private final BreakerEvents events;
    private final CircuitBreakerCounters counters = new CircuitBreakerCounters();

    private volatile CircuitBreakerConfig config;
    private volatile BreakerState state;

    CircuitBreaker(
            String name,
            CircuitBreakerConfig config,
            Ticker ticker,
            DoubleSupplier random,
            @Nullable Notifier<CircuitBreakerEvent> shared) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    "circuit breaker name: " + name.length() + " characters; allowed is 1 to " + MAX_NAME_LENGTH);
        }
        this.name = name;
        this.config = config;
        this.ticker = ticker;
        this.random = random;
        this.events = new BreakerEvents(name, ticker, shared);
        this.state = new ClosedState(this, 0);
    }

    /**
     * Returns a closed breaker on the JVM's clock.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config) {
        return of(name, config, Ticker.system());
    }

    /**
     * Returns a closed breaker on the given clock.
     *
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config, Ticker ticker) {
        return new CircuitBreaker(
                name, config, ticker, () -> ThreadLocalRandom.current().nextDouble(), null);
    }

    /**
     * Returns a permit to make one call, or null if the breaker rejects it.
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
     * Returns a permit to make one call. Resolve it, and close it, in a try-with-resources.
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
     * Makes a call on this thread and takes its result or exception as the outcome. Errors are failures.
     *
     * @throws CircuitBreakerOpenException if the breaker rejects the call
     * @throws Exception what the call threw
     */
    public <T> T call(Callable<T> callable) throws Exception {
        return state.call(callable);
    }

    /**
     * Starts an asynchronous call on this thread; its outcome counts when the stage completes. An exception of {@code call}
     * itself, and a rejection, complete the returned stage, which never is the one that {@code call} returned.
     */
    public <T> CompletionStage<T> callAsync(Callable<? extends CompletionStage<T>> call) {
        Permit permit = tryAcquire();
        if (permit == null) {
            return AsyncCalls.failed(rejection());
        }
        return AsyncCalls.start(call, (_, failure) -> {
            if (failure == null) {
                permit.success();
            } else {
                permit.failure(failure);
            }
        });
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the configuration in force. */
    public CircuitBreakerConfig config() {
        return config;
    }

    /** Returns the present state. Elapsed time counts, so that an open breaker without calls becomes half-open by this. */
    public CircuitBreakerState state() {
        return settled().state();
    }

    /** Returns whether calls or an operator decide about the state. */
    public CircuitBreakerMode mode() {
        return state.mode();
    }

    /**
     * Returns the state and all counts at this moment. Elapsed time changes nothing by this, unlike by {@link #state}: a breaker
     * whose timeout is over is still open, with nothing left to wait, until a call probes or the state is read.
     */
    public CircuitBreakerSnapshot snapshot() {
        for (; ; ) {
            BreakerState now = decided();
            CircuitBreakerSnapshot snapshot = CircuitBreakerSnapshot.of(this, now);
            // Otherwise a result has decided the state meanwhile, and the snapshot may mix what was before and after.
            if (decided() == now) {
                return snapshot;
            }
        }
    }

    /** Returns the total of successful calls. */
    public long successes() {
        return counters.successes();
    }

    /** Returns the total of failed calls. */
    public long failures() {
        return counters.failures();
    }

    /** Returns the total of rejected calls. */
    public long rejections() {
        return counters.rejected();
    }

    /** Returns the total of changes from one state to another. */
    public long transitions(CircuitBreakerState from, CircuitBreakerState to) {
        return counters.transitions(from, to);
    }

    /** Rejects all calls until {@link #reset} or another mode. */
    public void forceOpen() {
        moveTo(ForcedOpenState::new);
    }

    /** Accepts all calls and counts none until {@link #reset} or another mode. */
    public void disable() {
        moveTo(DisabledState::new);
    }

    /** Accepts and counts all calls but never opens, until {@link #reset} or another mode. */
    public void metricsOnly() {
        moveTo(MetricsOnlyState::new);
    }

    /** Closes the breaker, with nothing counted against it, and lets calls decide again. The totals go on. */
    public void reset() {
        moveTo(ClosedState::new);
    }

    /**
     * Makes an open breaker half-open at once instead of when its timeout is over, for when there is other evidence that the
     * called service works again, such as a health check that passes. A breaker that an operator forced open stays open.
     *
     * @return whether it was open and is half-open now
     */
    public boolean probeNow() {
        return settled().probeNow();
    }

    /**
     * Adds a listener of every event from now on. It is called on the thread that causes the event and must not block; what it
     * throws is logged and harms no call.
     *
     * @param name identifies the listener in the log
     * @return removes it
     */
    Registration addListener(String name, Consumer<? super CircuitBreakerEvent> listener) {
        return events.addListener(name, listener);
    }

    /** Returns a short form for logs, such as {@code payments: open}. */
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

    /** Returns how long it stays open after probes have failed {@code reopenings} times in a row. */
    long openNanos(int reopenings) {
        return config.openNanos(reopenings, random);
    }

    /** Takes over another configuration; a closed breaker that would decide differently starts to count from zero. */
    void configure(CircuitBreakerConfig changed) {
        CircuitBreakerConfig before = config;
        config = changed;
        BreakerState now = state;
        boolean decidesAlike =
                before.threshold() == changed.threshold() && before.window().equals(changed.window());
        if (!decidesAlike && now instanceof ClosedState) {
            BreakerState _ = substitute(now, new ClosedState(this, now.generation + 1));
        }
    }

    /** Returns what counts against it if calls decide and it is closed, else null. Moves nothing, so that no listener is called. */
    FailureDetector.@Nullable CallCounts closedCounts() {
        return state instanceof ClosedState closed ? closed.counts() : null;
    }

    /** Moves from one state to the next, if {@code from} still is the state; returns the state that is. */
    BreakerState replace(BreakerState from, BreakerState to, TransitionReason reason) {
        boolean _ = move(from, to, reason);
        return state;
    }

    private boolean move(BreakerState from, BreakerState to, TransitionReason reason) {
        if (!STATE.compareAndSet(this, from, to)) {
            return false;
        }
        if (from.state() != to.state()) {
            counters.transition(from.state(), to.state());
        }
        events.moved(from, to, retryAfter(to), reason);
        return true;
    }

    /** Begins a new round of probes, if {@code from} still is the state. */
    BreakerState renew(HalfOpenState from, HalfOpenState to, int lost) {
        if (STATE.compareAndSet(this, from, to)) {
            events.probesExpired(lost);
        }
        return state;
    }

    /** Puts an equal state in the place of {@code from}, without an event. */
    BreakerState substitute(BreakerState from, BreakerState to) {
        STATE.compareAndSet(this, from, to);
        return state;
    }

    /** Returns what a call that threw {@code cause} says about the called service. A predicate that throws means failure. */
    Verdict judge(Throwable cause) {
        if (FailureClassifier.isNoVerdict(cause)) {
            return Verdict.NONE;
        }
        Throwable unwrapped = FailureClassifier.unwrap(cause);
        boolean isFailure = UserCode.call(() -> config.failure().test(unwrapped), true, events::predicateFailed);
        return isFailure ? Verdict.FAILURE : Verdict.SUCCESS;
    }

    void countFailure(Throwable cause) {
        counters.failure();
        events.failed(cause);
    }

    /** Counts a rejection and describes it. */
    CircuitBreakerOpenException rejected() {
        countRejection();
        return rejection();
    }

    private CircuitBreakerOpenException rejection() {
        BreakerState now = state;
        return now.state() == CircuitBreakerState.CLOSED
                // It closed between the rejection and here.
                ? new CircuitBreakerOpenException(name, CircuitBreakerState.HALF_OPEN, UNKNOWN)
                : new CircuitBreakerOpenException(name, now.state(), now.retryAfterNanos());
    }

    private void countRejection() {
        counters.rejection();
        events.rejected(state.state());
    }

    private void moveTo(Manual next) {
        BreakerState from;
        BreakerState to;
        do {
            from = state;
            to = next.state(this, from.generation + 1);
        } while (!move(from, to, TransitionReason.MANUAL));
    }

    private BreakerState settled() {
        state.settle();
        return state;
    }

    private BreakerState decided() {
        state.settleResults();
        return state;
    }

    static Optional<Duration> retryAfter(BreakerState state) {
        long nanos = state.retryAfterNanos();
        return nanos == UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** Makes a state that an operator asks for. */
    @FunctionalInterface
    private interface Manual {
        BreakerState state(CircuitBreaker breaker, long generation);
    }
}
