package io.lynx.opentelemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * idle ──span──▶ delayed ──time, or a full batch──▶ due ──nothing waits──▶ idle        due ──spans wait──▶ delayed or due
 *
 * "due" covers a push that is about to run, one that runs, and the pause before a batch is repeated. At most one task is scheduled.
 */

/**
 * Pushes the spans of a queue in batches: when there is a whole one, or a short time after a span has ended, and what is left at the
 * end. An idle service pushes nothing and has no timer. A batch that the collector may accept later is kept and repeated with
 * growing pauses, or after its {@code Retry-After}; meanwhile the queue fills and drops. An outage is logged when it begins and when
 * it ends. Thread-safe.
 */
final class SpanPush {
    private static final Logger log = LoggerFactory.getLogger(SpanPush.class);

    private static final int MOST_ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /** The part of the stop's deadline that is reserved for closing resources after the last push. */
    private static final Duration RESERVE = Duration.ofMillis(200);

    /** The interval at which the end of a push is requested again. */
    private static final Duration ABORT_INTERVAL = Duration.ofMillis(50);

    private enum State {
        IDLE,
        DELAYED,
        DUE,
        FINISHED
    }

    private final SpanQueue queue;
    private final Destination<EndedSpan> destination;
    private final TraceSettings settings;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Counter pushed;
    private final Counter refused;
    private final Counter failed;
    private final Counter cutOff;
    private final ReentrantLock pushing = new ReentrantLock();

    /** Written under the monitor; read without it by the threads of requests. */
    private volatile State state = State.IDLE;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled timer;

    @GuardedBy("pushing")
    private List<EndedSpan> kept = List.of();

    @GuardedBy("pushing")
    private int attempts;

    @GuardedBy("pushing")
    private long failures;

    SpanPush(
            SpanQueue queue,
            Destination<EndedSpan> destination,
            TraceSettings settings,
            Ticker ticker,
            Scheduler scheduler,
            MetricRegistry registry) {
        this.queue = queue;
        this.destination = destination;
        this.settings = settings;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.pushed = registry.counter(OpenTelemetryPlugin.SPANS_PUSHED);
        this.refused = registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "refused");
        this.failed = registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "push_failed");
        this.cutOff = registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "shutdown");
        queue.onSpan(this::ended);
    }

    /** A span has ended: a push follows, unless one is scheduled or due. */
    private void ended(int waiting) {
        State seen = state;
        boolean isFull = waiting >= settings.batchSize();
        if (seen == State.IDLE || (seen == State.DELAYED && isFull)) {
            wake(isFull);
        }
    }

    private synchronized void wake(boolean isFull) {
        boolean isEarly = isFull && state == State.DELAYED && timer != null && timer.cancel();
        if (isEarly || state == State.IDLE) {
            state = isFull ? State.DUE : State.DELAYED;
            schedule(isFull ? Duration.ZERO : settings.delay());
        }
    }

    @GuardedBy("this")
    private void schedule(Duration pause) {
        try {
            boolean isPartial = !pause.isZero();
            timer = scheduler.after(pause, () -> tick(isPartial));
        } catch (RejectedExecutionException closed) {
            // The application is shutting down; the last push follows.
        }
    }

    /**
     * Pushes whole batches, and, after a pause, the spans that have waited for it too. Those that end meanwhile wait for a whole
     * batch again: under load, each push would have the few that ended during the one before.
     */
    private void tick(boolean isPartial) {
        Duration pause = FIRST_PAUSE;
        if (!becomes(State.DUE)) {
            return;
        }
        pushing.lock();
        try {
            pause = pushAll(isPartial ? queue.size() : 0, null);
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            broken(failure);
        } finally {
            pushing.unlock();
            next(pause);
        }
    }

    private void next(Duration pause) {
        if (!pause.isZero()) {
            synchronized (this) {
                if (state != State.FINISHED) {
                    schedule(pause);
                }
            }
            return;
        }
        // A span that ended before this has not scheduled a push.
        if (becomes(State.IDLE) && queue.size() > 0) {
            ended(queue.size());
        }
    }

    private synchronized boolean becomes(State other) {
        if (state == State.FINISHED) {
            return false;
        }
        state = other;
        return true;
    }

    /**
     * Pushes what waits: the oldest spans, and whole batches.
     *
     * @param oldest how many spans must not wait for a whole batch
     * @param end of all pushes at the end; null to limit each of them alone
     * @return how long to wait before the next push; zero if nothing waits for that
     */
    @GuardedBy("pushing")
    private Duration pushAll(int oldest, @Nullable Deadline end) {
        int left = oldest;
        while (end == null ? state != State.FINISHED : !end.isExpired()) {
            if (kept.isEmpty() && (left > 0 || queue.size() >= settings.batchSize())) {
                kept = queue.take(settings.batchSize());
                left -= kept.size();
                attempts = 0;
            }
            if (kept.isEmpty()) {
                return Duration.ZERO;
            }
            Duration timeout = settings.target().timeout();
            attempts++;
            Delivery delivery =
                    destination.deliver(kept, end == null ? Deadline.after(timeout, ticker) : end.atMost(timeout));
            if (end == null && state == State.FINISHED && !delivery.isDelivered()) {
                return Duration.ZERO; // It was cut short; the last push repeats it.
            }
            if (delivery.isDelivered()) {
                pushed.add(kept.size() - delivery.rejected(kept.size()));
                refused.add(delivery.rejected(kept.size()));
                kept = List.of();
                recovered();
            } else {
                failed(delivery);
                if (delivery.isRepeatable() && attempts < MOST_ATTEMPTS) {
                    return delivery.retryAfter().isZero() ? pause() : delivery.retryAfter();
                }
                (delivery.outcome() == Delivery.Outcome.REFUSED ? refused : failed).add(kept.size());
                kept = List.of();
            }
        }
        return Duration.ZERO;
    }

    /** A push failed by a fault of this process, such as a class that cannot be loaded. It is repeated like any other. */
    @GuardedBy("pushing")
    private void broken(Throwable failure) {
        failed(new Delivery(Delivery.Outcome.FAILED, UserCode.describe(failure)));
        if (attempts >= MOST_ATTEMPTS) {
            failed.add(kept.size());
            kept = List.of();
        }
    }

    /** Returns 1, 2, 4 and 8 seconds. */
    @GuardedBy("pushing")
    private Duration pause() {
        return FIRST_PAUSE.multipliedBy(1L << (attempts - 1));
    }

    /**
     * Pushes what is left, and drops what cannot be pushed by the deadline. A push in progress may use half of the time; then it is
     * cut short and repeated.
     */
    void finish(Deadline deadline) throws InterruptedException {
        synchronized (this) {
            state = State.FINISHED;
            if (timer != null) {
                boolean _ = timer.cancel();
            }
        }
        Deadline until = deadline.minus(RESERVE);
        boolean isLocked = pushing.tryLock(until.remainingNanos() / 2, TimeUnit.NANOSECONDS);
        while (!isLocked && !until.isExpired()) {
            destination.abort();
            isLocked = pushing.tryLock(ABORT_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
        if (!isLocked) {
            cutOff.add(queue.size());
            return;
        }
        try {
            Duration _ = pushAll(Integer.MAX_VALUE, until);
            cutOff.add(kept.size() + (long) queue.size());
        } finally {
            pushing.unlock();
        }
    }

    @GuardedBy("pushing")
    private void failed(Delivery delivery) {
        failures++;
        if (failures == 1) {
            log.atWarn()
                    .addKeyValue("endpoint", settings.target().address())
                    .addKeyValue("outcome", delivery.outcome().label())
                    .log(
                            "Spans cannot be pushed to {}: {}; requests are not affected, logged once for each outage",
                            settings.target().address(),
                            delivery);
        }
    }

    @GuardedBy("pushing")
    private void recovered() {
        if (failures > 0) {
            log.atInfo()
                    .addKeyValue("endpoint", settings.target().address())
                    .addKeyValue("failures", failures)
                    .log(
                            "Spans are pushed to {} again after {} failures",
                            settings.target().address(),
                            failures);
        }
        failures = 0;
    }
}
