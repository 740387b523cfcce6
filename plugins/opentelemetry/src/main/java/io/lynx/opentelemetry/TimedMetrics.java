package io.lynx.opentelemetry;

import io.lynx.time.Deadline;
import io.opentelemetry.sdk.metrics.data.MetricData;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Collects the metrics of a push with a deadline. Callbacks of instruments are the application's code and may hang, so each
 * collection runs on a daemon thread of its own; while one hangs, no other begins. Thread-safe.
 */
final class TimedMetrics {
    private final Supplier<Collection<MetricData>> metrics;
    private final AtomicBoolean isCollecting = new AtomicBoolean();

    TimedMetrics(Supplier<Collection<MetricData>> metrics) {
        this.metrics = metrics;
    }

    /**
     * Returns the metrics.
     *
     * @throws TimeoutException if they are not collected by the deadline, or an earlier collection still hangs
     * @throws ExecutionException if collecting them throws
     */
    Collection<MetricData> collect(Deadline deadline)
            throws TimeoutException, ExecutionException, InterruptedException {
        if (!isCollecting.compareAndSet(false, true)) {
            throw new TimeoutException("an earlier collection of the metrics still hangs");
        }
        CompletableFuture<Collection<MetricData>> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("lynx-otlp-collect").start(() -> run(result));
        try {
            return result.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hanging) {
            throw new TimeoutException("the metrics were not collected in time");
        }
    }

    @SuppressWarnings("CatchingUnchecked") // A thread's root: whatever a callback throws fails its push alone.
    private void run(CompletableFuture<Collection<MetricData>> result) {
        try {
            Collection<MetricData> collected = metrics.get();
            isCollecting.set(false);
            result.complete(collected);
        } catch (Throwable failure) {
            isCollecting.set(false);
            result.completeExceptionally(failure);
        }
    }
}
