package io.lynx.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Values that mean something over a time only, computed once an interval: the error rates of requests. Thread-safe.
 */
final class DerivedValues {
    /** The endpoint that stands for all of them. */
    private static final String ALL = "all";

    private final MetricRegistry registry;
    private final String service;
    private final Duration interval;
    private final @Nullable Scheduler scheduler;

    @GuardedBy("this")
    private Scheduler.@Nullable Scheduled next;

    @GuardedBy("this")
    private boolean isRunning;

    @GuardedBy("this")
    private final Map<String, Requests> before = new HashMap<>();

    private record Requests(long all, long failed) {
        Requests plus(long more, boolean haveFailed) {
            return new Requests(all + more, failed + (haveFailed ? more : 0));
        }

        double rateSince(Requests earlier) {
            long answered = all - earlier.all;
            return answered <= 0 ? 0 : (double) (failed - earlier.failed) / answered;
        }
    }

    DerivedValues(MetricRegistry registry, String service, Duration interval, @Nullable Scheduler scheduler) {
        this.registry = registry;
        this.service = service;
        this.interval = interval;
        this.scheduler = scheduler;
    }

    synchronized void start() {
        if (!isRunning && scheduler != null) {
            isRunning = true;
            registry.gauge(Catalogue.ERROR_RATE, service, ALL).set(0);
            next = scheduler.after(interval, this::tick);
        }
    }

    synchronized void stop() {
        isRunning = false;
        if (next != null) {
            boolean _ = next.cancel();
            next = null;
        }
    }

    private synchronized void tick() {
        if (isRunning && scheduler != null) {
            derive();
            try {
                next = scheduler.after(interval, this::tick);
            } catch (RejectedExecutionException closed) {
                isRunning = false;
            }
        }
    }

    @GuardedBy("this")
    private void derive() {
        Map<String, Requests> now = new HashMap<>();
        now.put(ALL, new Requests(0, 0));
        registry.counts(Catalogue.REQUESTS).forEach((labels, count) -> {
            boolean haveFailed = labels.get(2).startsWith("5");
            now.merge(
                    labels.get(1),
                    new Requests(0, 0).plus(count, haveFailed),
                    (a, b) -> new Requests(a.all + b.all, a.failed + b.failed));
            now.compute(ALL, (_, all) -> all == null ? null : all.plus(count, haveFailed));
        });
        now.forEach((endpoint, requests) -> registry.gauge(Catalogue.ERROR_RATE, service, endpoint)
                .set(requests.rateSince(before.getOrDefault(endpoint, new Requests(0, 0)))));
        before.clear();
        before.putAll(now);
    }
}
