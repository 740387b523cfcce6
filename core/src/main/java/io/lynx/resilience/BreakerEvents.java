package io.lynx.resilience;

import io.lynx.config.Masking;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the transitions of one breaker and passes its events on. Events are built only if there is a consumer. Thread-safe.
 *
 * <p>There is one line when a breaker opens and one when it closes. A breaker that reopens after failed probes logs at DEBUG,
 * so that an outage is two lines however long it lasts.
 */
final class BreakerEvents {
    private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);
    private static final long PREDICATE_LOG_INTERVAL = Duration.ofMinutes(1).toNanos();
    private static final long NEVER = Long.MIN_VALUE;
    private static final int MAX_CAUSE = 512;

    private final String breaker;
    private final Ticker ticker;
    private final Notifier<CircuitBreakerEvent> own;
    /** That of all breakers of an application; null for a breaker that was made alone. */
    private final @Nullable Notifier<CircuitBreakerEvent> shared;

    private final AtomicLong predicateLoggedAt = new AtomicLong(NEVER);

    BreakerEvents(String breaker, Ticker ticker, @Nullable Notifier<CircuitBreakerEvent> shared) {
        this.breaker = breaker;
        this.ticker = ticker;
        this.own = new Notifier<>(ticker);
        this.shared = shared;
    }

    Registration addListener(String name, Consumer<? super CircuitBreakerEvent> listener) {
        return own.add(name, listener);
    }

    private boolean hasListeners() {
        return !own.isEmpty() || (shared != null && !shared.isEmpty());
    }

    private void publish(CircuitBreakerEvent event) {
        own.publish(event);
        if (shared != null) {
            shared.publish(event);
        }
    }

    void moved(BreakerState from, BreakerState to, Optional<Duration> retryAfter, TransitionReason reason) {
        log(from, to, retryAfter, reason);
        if (hasListeners()) {
            publish(new CircuitBreakerEvent.StateChanged(
                    breaker,
                    to.generation,
                    from.state(),
                    to.state(),
                    to.mode(),
                    retryAfter,
                    reason.text(),
                    reason.cause()));
        }
    }

    void failed(Throwable cause) {
        if (hasListeners()) {
            publish(new CircuitBreakerEvent.CallFailed(breaker, cause));
        }
    }

    void rejected(CircuitBreakerState state) {
        if (hasListeners()) {
            publish(new CircuitBreakerEvent.CallRejected(breaker, state));
        }
    }

    void probesExpired(int lost) {
        if (hasListeners()) {
            publish(new CircuitBreakerEvent.ProbesExpired(breaker, lost));
        }
    }

    private void log(BreakerState from, BreakerState to, Optional<Duration> retryAfter, TransitionReason reason) {
        switch (to.state()) {
            case OPEN -> {
                boolean isNew = from.state() == CircuitBreakerState.CLOSED || to.mode() != from.mode();
                String next = retryAfter
                        .map(wait -> "next probe in " + wait.toMillis() + "ms")
                        .orElse("no probes");
                (isNew ? LOG.atWarn() : LOG.atDebug())
                        .addKeyValue("breaker", breaker)
                        .addKeyValue("cause", describe(reason.cause()))
                        .log(
                                "Circuit breaker {} opened and rejects calls: {}{}; {}",
                                breaker,
                                reason.text(),
                                reason.cause() == null ? "" : ", the last one " + describe(reason.cause()),
                                next);
            }
            case CLOSED -> {
                if (from.state() != CircuitBreakerState.CLOSED) {
                    LOG.atInfo()
                            .addKeyValue("breaker", breaker)
                            .log("Circuit breaker {} closed: {}", breaker, reason.text());
                }
            }
            case HALF_OPEN ->
                LOG.atDebug()
                        .addKeyValue("breaker", breaker)
                        .log("Circuit breaker {} is half-open: {}", breaker, reason.text());
        }
    }

    private static String describe(@Nullable Throwable cause) {
        if (cause == null) {
            return "";
        }
        String text = UserCode.describe(cause);
        return Masking.mask(text.length() <= MAX_CAUSE ? text : text.substring(0, MAX_CAUSE));
    }

    /** Logs that the failure predicate threw, at most once a minute. */
    void predicateFailed(Throwable failure) {
        long now = ticker.nanos();
        long last = predicateLoggedAt.get();
        boolean isDue = last == NEVER || now - last >= PREDICATE_LOG_INTERVAL;
        if (isDue && predicateLoggedAt.compareAndSet(last, now)) {
            LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .addKeyValue("breaker", breaker)
                    .log("Failure predicate of circuit breaker {} threw; the call counts as a failure", breaker);
        }
    }
}
