package io.lynx.opentelemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes the spans of a queue in batches, a short time after the first one of a batch has ended, and what is left at the end. An
 * idle service pushes nothing and has no timer. A batch that the collector may accept later is kept and repeated with growing
 * pauses, or after its {@code Retry-After}; meanwhile the queue fills and drops. Thread-safe.
 */
final class SpanPush {
    private static final Logger log = LoggerFactory.getLogger(SpanPush.class);

    private static final int BATCH = 512;
    private static final int MOST_ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** The part of the stop's deadline that is reserved for closing resources after the last push. */
    private static final Duration RESERVE = Duration.ofMillis(200);

    /** The interval at which the end of a push is requested again. */
    private static final Duration ABORT_INTERVAL = Duration.ofMillis(50);

    private final SpanQueue queue;
    private final Destination<SpanData> destination;
    private final URI address;
    private final Duration delay;
    private final Duration timeout;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Counter pushed;
    private final Counter failed;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final ReentrantLock pushing = new ReentrantLock();
    private volatile boolean isFinished;

    @GuardedBy("pushing")
    private List<SpanData> kept = List.of();

    @GuardedBy("pushing")
    private int attempts;

    @GuardedBy("pushing")
    private long failures;

    SpanPush(
            SpanQueue queue,
            Destination<SpanData> destination,
            URI address,
            TracesConfig config,
            Ticker ticker,
            Scheduler scheduler,
            MetricRegistry registry) {
        this.queue = queue;
        this.destination = destination;
        this.address = address;
        this.delay = config.delay();
        this.timeout = config.timeout();
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.pushed = registry.counter(OpenTelemetryPlugin.SPANS_PUSHED);
        this.failed = registry.counter(OpenTelemetryPlugin.SPANS_DROPPED, "push_failed");
        queue.onSpan(this::ended);
    }

    /** A span has ended: a push follows, unless one is scheduled. */
    private void ended() {
        if (!isScheduled.getPlain() && isScheduled.compareAndSet(false, true)) {
            schedule(delay);
        }
    }

    private void schedule(Duration pause) {
        if (isFinished) {
            return;
        }
        try {
            Scheduler.Scheduled _ = scheduler.after(pause, this::tick);
        } catch (RejectedExecutionException closed) {
            // The application is shutting down; the last push follows.
        }
    }

    private void tick() {
        Duration pause;
        pushing.lock();
        try {
            if (isFinished) {
                return;
            }
            pause = pushAll(null);
        } finally {
            pushing.unlock();
        }
        if (!pause.isZero()) {
            schedule(pause);
            return;
        }
        isScheduled.set(false);
        if (queue.size() > 0) {
            ended();
        }
    }

    /**
     * Pushes what waits.
     *
     * @param end of all pushes; null to limit each of them alone
     * @return how long to wait before the next push; zero if nothing waits
     */
    @GuardedBy("pushing")
    private Duration pushAll(@Nullable Deadline end) {
        while (end == null || !end.isExpired()) {
            List<SpanData> batch = kept.isEmpty() ? queue.take(BATCH) : kept;
            if (batch.isEmpty()) {
                return Duration.ZERO;
            }
            Deadline limit = end == null ? Deadline.after(timeout, ticker) : end.atMost(timeout);
            Delivery delivery = destination.deliver(batch, limit);
            boolean isDelivered = delivery.isSuccess() || delivery.outcome() == Delivery.Outcome.PARTIAL;
            if (isDelivered) {
                pushed.add(batch.size());
                recovered();
            } else {
                failed(delivery);
            }
            if (isDelivered || !delivery.isRepeatable() || attempts + 1 >= MOST_ATTEMPTS) {
                if (!isDelivered) {
                    failed.add(batch.size());
                }
                kept = List.of();
                attempts = 0;
            } else {
                kept = batch;
                attempts++;
                return delivery.retryAfter().isZero() ? pause() : delivery.retryAfter();
            }
        }
        return Duration.ZERO;
    }

    @GuardedBy("pushing")
    private Duration pause() {
        Duration grown = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 5));
        return grown.compareTo(LONGEST_PAUSE) < 0 ? grown : LONGEST_PAUSE;
    }

    /** Pushes what is left, and drops what cannot be pushed by the deadline. A push in progress is cut short and repeated. */
    void finish(Deadline deadline) throws InterruptedException {
        isFinished = true;
        Deadline until = deadline.minus(RESERVE);
        boolean isLocked = pushing.tryLock();
        while (!isLocked && !until.isExpired()) {
            destination.abort();
            isLocked = pushing.tryLock(ABORT_INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
        }
        if (!isLocked) {
            return;
        }
        try {
            Duration _ = pushAll(until);
            failed.add(kept.size() + (long) queue.size());
        } finally {
            pushing.unlock();
        }
    }

    @GuardedBy("pushing")
    private void failed(Delivery delivery) {
        failures++;
        if (failures == 1) {
            log.atWarn()
                    .addKeyValue("endpoint", address)
                    .addKeyValue("outcome", delivery.outcome().label())
                    .log(
                            "Spans cannot be pushed to {}: {}; requests are not affected, logged once for each outage",
                            address,
                            delivery);
        }
    }

    @GuardedBy("pushing")
    private void recovered() {
        if (failures > 0) {
            log.atInfo()
                    .addKeyValue("endpoint", address)
                    .addKeyValue("failures", failures)
                    .log("Spans are pushed to {} again after {} failures", address, failures);
        }
        failures = 0;
    }
}
