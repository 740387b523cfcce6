package io.lynx.resilience;

import io.lynx.time.Ticker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker as one would write it with a lock and no regard for cost: the oracle that the real one is compared
 * with. It shares no code with it but the configuration records.
 */
final class ModelBreaker {
    private static final int SLICES = 10;

    private final CircuitBreakerConfig config;
    private final Ticker ticker;

    private CircuitBreakerState state = CircuitBreakerState.CLOSED;
    private CircuitBreakerMode mode = CircuitBreakerMode.AUTOMATIC;
    private int epoch;
    private int consecutive;
    private final Deque<Result> results = new ArrayDeque<>();
    private long windowStart;
    private long openedAt;
    private int reopenings;
    private int inFlight;
    private int succeeded;
    private int slowProbes;
    private long lastAdmitted;
    private long successes;
    private long failures;
    private long rejected;
    private final Map<List<CircuitBreakerState>, Long> transitions = new HashMap<>();

    private record Result(boolean failed, boolean slow, long slice) {}

    /** A permit and whether it has been resolved. */
    final class Ticket {
        private final int issuedIn = epoch;
        private final boolean probe = state == CircuitBreakerState.HALF_OPEN;
        private final boolean counts = mode != CircuitBreakerMode.DISABLED;
        private final long begun = ticker.nanos();
        private boolean resolved;

        void success() {
            resolve(false, false);
        }

        void failure() {
            resolve(true, false);
        }

        void ignore() {
            resolve(false, true);
        }

        private void resolve(boolean failed, boolean ignored) {
            synchronized (ModelBreaker.this) {
                if (probe && resolved) {
                    return;
                }
                resolved = true;
                if (ignored) {
                    if (probe && issuedIn == epoch) {
                        inFlight--;
                    }
                    return;
                }
                if (!counts) {
                    return;
                }
                if (failed) {
                    failures++;
                } else {
                    successes++;
                }
                if (issuedIn != epoch) {
                    return;
                }
                if (probe) {
                    probed(failed, begun);
                } else {
                    recorded(failed, begun);
                }
            }
        }
    }

    ModelBreaker(CircuitBreakerConfig config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.windowStart = ticker.nanos();
    }

    synchronized @Nullable Ticket tryAcquire() {
        settle();
        boolean admitted = mode == CircuitBreakerMode.DISABLED
                || mode == CircuitBreakerMode.METRICS_ONLY
                || state == CircuitBreakerState.CLOSED
                || (state == CircuitBreakerState.HALF_OPEN && inFlight + succeeded < config.halfOpenLimit());
        if (!admitted) {
            rejected++;
            return null;
        }
        Ticket ticket = new Ticket();
        if (state == CircuitBreakerState.HALF_OPEN) {
            inFlight++;
            lastAdmitted = ticker.nanos();
        }
        return ticket;
    }

    synchronized CircuitBreakerState state() {
        settle();
        return state;
    }

    synchronized void manual(CircuitBreakerMode next) {
        moveTo(next == CircuitBreakerMode.FORCED_OPEN ? CircuitBreakerState.OPEN : CircuitBreakerState.CLOSED);
        reopenings = 0;
        mode = next;
    }

    private void settle() {
        if (mode != CircuitBreakerMode.AUTOMATIC) {
            return;
        }
        if (state == CircuitBreakerState.OPEN && ticker.nanos() - openedAt >= openNanos()) {
            moveTo(CircuitBreakerState.HALF_OPEN);
        }
        if (state == CircuitBreakerState.HALF_OPEN
                && inFlight + succeeded >= config.halfOpenLimit()
                && ticker.nanos() - lastAdmitted >= config.halfOpenMaxWait().toNanos()) {
            epoch++;
            inFlight = 0;
            succeeded = 0;
            slowProbes = 0;
            lastAdmitted = ticker.nanos();
        }
    }

    private long openNanos() {
        double nanos = config.timeout().toNanos();
        for (int i = 0; i < reopenings; i++) {
            nanos *= config.growth();
        }
        return (long) Math.min(nanos, (double) config.maxTimeout().toNanos());
    }

    private void probed(boolean failed, long begun) {
        inFlight--;
        boolean tooSlow = !failed
                && config.window()
                        .map(window -> isSlow(window.limits(), begun)
                                && ++slowProbes / (double) config.halfOpenLimit()
                                        >= window.limits().slowCallRate())
                        .orElse(false);
        if (failed || tooSlow) {
            moveTo(CircuitBreakerState.OPEN);
            reopenings++;
        } else if (++succeeded == config.halfOpenLimit()) {
            moveTo(CircuitBreakerState.CLOSED);
            reopenings = 0;
        }
    }

    private void recorded(boolean failed, long begun) {
        boolean exceeded = config.window()
                .map(window -> inWindow(window, failed, begun))
                .orElseGet(() -> {
                    consecutive = failed ? consecutive + 1 : 0;
                    return consecutive >= config.threshold();
                });
        if (exceeded && mode == CircuitBreakerMode.AUTOMATIC) {
            reopenings = 0;
            moveTo(CircuitBreakerState.OPEN);
        }
    }

    private boolean inWindow(WindowConfig window, boolean failed, long begun) {
        WindowConfig.Limits limits = window.limits();
        boolean slow = isSlow(limits, begun);
        forget(window);
        results.addLast(new Result(failed, slow, slice(window)));
        forget(window);
        long calls = results.size();
        return calls >= limits.minimumCalls()
                && (failed() / (double) calls >= limits.failureRate()
                        || slow() / (double) calls >= limits.slowCallRate());
    }

    private boolean isSlow(WindowConfig.Limits limits, long begun) {
        return limits.slowCallDuration()
                .map(limit -> ticker.nanos() - begun >= limit.toNanos())
                .orElse(false);
    }

    private long slice(WindowConfig window) {
        return switch (window) {
            case WindowConfig.Count _ -> 0;
            case WindowConfig.Time time ->
                (ticker.nanos() - windowStart) / (time.size().toNanos() / SLICES);
        };
    }

    private void forget(WindowConfig window) {
        switch (window) {
            case WindowConfig.Count count -> {
                while (results.size() > count.size()) {
                    results.removeFirst();
                }
            }
            case WindowConfig.Time _ -> results.removeIf(result -> result.slice <= slice(window) - SLICES);
        }
    }

    private void moveTo(CircuitBreakerState next) {
        if (state != next) {
            transitions.merge(List.of(state, next), 1L, Long::sum);
        }
        state = next;
        mode = CircuitBreakerMode.AUTOMATIC;
        epoch++;
        consecutive = 0;
        results.clear();
        windowStart = ticker.nanos();
        openedAt = ticker.nanos();
        inFlight = 0;
        succeeded = 0;
        slowProbes = 0;
        lastAdmitted = ticker.nanos();
    }

    private long failed() {
        return results.stream().filter(Result::failed).count();
    }

    private long slow() {
        return results.stream().filter(Result::slow).count();
    }

    /** Everything that can be seen of it, as text. */
    synchronized String describe() {
        settle();
        config.window().ifPresent(this::forget);
        boolean windowed = config.window().isPresent();
        return String.join(
                " ",
                state.label(),
                mode.label(),
                "calls=" + (windowed ? results.size() : consecutive),
                "failed=" + (windowed ? failed() : consecutive),
                "slow=" + slow(),
                "probes=" + inFlight + "/" + succeeded,
                "totals=" + successes + "/" + failures + "/" + rejected);
    }

    synchronized long transitions(CircuitBreakerState from, CircuitBreakerState to) {
        return transitions.getOrDefault(List.of(from, to), 0L);
    }
}
