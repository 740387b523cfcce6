package io.lynx.opentelemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.UserCode;
import io.lynx.metrics.Counter;
import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes all metrics at an interval, and a last time at the end. Pushes never overlap: one that takes longer than the
 * interval delays the next. An outage is logged when it begins and when it ends, and each push is counted. Thread-safe.
 */
final class OtlpPush {
    private static final Logger log = LoggerFactory.getLogger(OtlpPush.class);

    /** The part of the stop's deadline that is reserved for closing resources after the last push. */
    private static final Duration RESERVE = Duration.ofMillis(200);

    /** The interval at which the end of a push is requested again, in case it was still collecting its metrics. */
    private static final Duration ABORT_INTERVAL = Duration.ofMillis(50);

    private final OtlpConfig config;
    private final TimedMetrics metrics;
    private final Destination<MetricData> destination;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Map<Delivery.Outcome, Counter> counts = new EnumMap<>(Delivery.Outcome.class);
    private final ReentrantLock pushing = new ReentrantLock();
    private final Object lock = new Object();

    @GuardedBy("lock")
    private Scheduler.@Nullable Scheduled next;

    @GuardedBy("lock")
    private boolean finished;

    /** The number of failures of the present outage; written by the thread that pushes. */
    private long failures;

    OtlpPush(
            OtlpConfig config,
            Supplier<Collection<MetricData>> metrics,
            Destination<MetricData> destination,
            Ticker ticker,
            Scheduler scheduler,
            MetricRegistry registry) {
        this.config = config;
        this.metrics = new TimedMetrics(metrics);
        this.destination = destination;
        this.ticker = ticker;
        this.scheduler = scheduler;
        for (Delivery.Outcome outcome : Delivery.Outcome.values()) {
            counts.put(outcome, registry.counter(OpenTelemetryPlugin.PUSHES, outcome.label()));
        }
    }

    /** Starts pushing, first after one interval. */
    void start() {
        schedule(config.interval());
    }

    /**
     * Pushes a last time and ends the pushes. A push in progress is cut short, since the last one contains all its
     * values. Returns by the deadline.
     */
    void finish(Deadline deadline) throws InterruptedException {
        synchronized (lock) {
            finished = true;
            if (next != null) {
                boolean _ = next.cancel();
            }
        }
        Deadline until = deadline.minus(RESERVE);
        while (!until.isExpired()) {
            destination.abort();
            if (pushing.tryLock(ABORT_INTERVAL.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    Delivery _ = push(until.atMost(config.timeout()));
                } finally {
                    pushing.unlock();
                }
                return;
            }
        }
    }

    private void schedule(Duration delay) {
        synchronized (lock) {
            if (!finished) {
                next = scheduler.after(delay, this::tick);
            }
        }
    }

    private void tick() {
        long began = ticker.nanos();
        Duration pause = Duration.ZERO;
        pushing.lock();
        try {
            if (isFinished()) {
                return;
            }
            pause = push(Deadline.after(config.timeout(), ticker)).retryAfter();
        } finally {
            pushing.unlock();
            // Whatever this push threw, the next one follows.
            Duration untilNext = config.interval().minusNanos(ticker.nanos() - began);
            schedule(untilNext.compareTo(pause) > 0 ? untilNext : pause);
        }
    }

    private boolean isFinished() {
        synchronized (lock) {
            return finished;
        }
    }

    private Delivery push(Deadline deadline) {
        Delivery delivery = deliver(deadline);
        Counter count = counts.get(delivery.outcome());
        if (count != null) {
            count.increment();
        }
        if (delivery.isSuccess()) {
            recovered();
        } else {
            failed(delivery);
        }
        return delivery;
    }

    private Delivery deliver(Deadline deadline) {
        try {
            return destination.deliver(metrics.collect(deadline), deadline);
        } catch (TimeoutException hanging) {
            return new Delivery(Delivery.Outcome.TIMEOUT, String.valueOf(hanging.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Delivery(Delivery.Outcome.FAILED, "interrupted");
        } catch (ExecutionException failure) {
            return new Delivery(Delivery.Outcome.FAILED, describe(failure.getCause()));
        } catch (RuntimeException failure) {
            return new Delivery(Delivery.Outcome.FAILED, describe(failure));
        }
    }

    private static String describe(@Nullable Throwable failure) {
        return failure == null ? "unknown" : UserCode.describe(failure);
    }

    private void failed(Delivery delivery) {
        failures++;
        if (failures == 1) {
            log.atWarn()
                    .addKeyValue("endpoint", config.address())
                    .addKeyValue("outcome", delivery.outcome().label())
                    .log(
                            "Metrics cannot be pushed to {}: {}; retrying every {}, logged once for each outage",
                            config.address(),
                            delivery,
                            config.interval());
        }
    }

    private void recovered() {
        if (failures > 0) {
            log.atInfo()
                    .addKeyValue("endpoint", config.address())
                    .addKeyValue("failures", failures)
                    .log("Metrics are pushed to {} again after {} failures", config.address(), failures);
        }
        failures = 0;
    }
}
