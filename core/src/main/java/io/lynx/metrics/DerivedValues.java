package io.lynx.metrics;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.watch.PeriodicTask;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * An error rate is computed from the differences of two readings of lynx_requests_total, series by series. A new series
 * started at 0, and so did one whose count is lower than before: it was dropped and created again. An endpoint that has no
 * series any more loses its rate. Requests that were folded into __overflow__ have lost their status and endpoint, and count
 * in no rate.
 */

/**
 * Values that are defined over a period only, computed once an interval: the error rates of requests. Thread-safe.
 */
final class DerivedValues {
    /** The endpoint that stands for all endpoints. */
    private static final String ALL = "all";

    private static final int PATH = Catalogue.REQUESTS.labels().indexOf("path");
    private static final int STATUS = Catalogue.REQUESTS.labels().indexOf("status_code");

    private final MetricRegistry registry;
    private final String service;
    private final Duration interval;
    private final @Nullable PeriodicTask ticks;

    @GuardedBy("this")
    private boolean isRunning;

    @GuardedBy("this")
    private Map<LabelValues, Long> before = Map.of();

    @GuardedBy("this")
    private Set<String> endpoints = Set.of();

    /** The requests of an interval. */
    private static final class Answered {
        private long all;
        private long failed;

        void add(long more, boolean haveFailed) {
            all += more;
            failed += haveFailed ? more : 0;
        }

        double errorRate() {
            return all == 0 ? 0 : (double) failed / all;
        }
    }

    DerivedValues(MetricRegistry registry, String service, Duration interval, @Nullable Scheduler scheduler) {
        this.registry = registry;
        this.service = service;
        this.interval = interval;
        this.ticks = scheduler == null ? null : new PeriodicTask("error rates", scheduler, this::derive);
    }

    synchronized void start() {
        if (!isRunning && ticks != null) {
            isRunning = true;
            before = registry.counts(Catalogue.REQUESTS);
            registry.gauge(Catalogue.ERROR_RATE, service, ALL).set(0);
            ticks.start(interval);
        }
    }

    synchronized void stop() {
        isRunning = false;
        if (ticks != null) {
            ticks.stop();
        }
    }

    private synchronized void derive() {
        if (!isRunning) {
            return;
        }
        Map<LabelValues, Long> now = registry.counts(Catalogue.REQUESTS);
        Map<String, Answered> answered = new HashMap<>();
        Answered all = new Answered();
        now.forEach((labels, count) -> {
            long earlier = before.getOrDefault(labels, 0L);
            long more = count < earlier ? count : count - earlier;
            boolean haveFailed = labels.get(STATUS).startsWith("5");
            answered.computeIfAbsent(labels.get(PATH), _ -> new Answered()).add(more, haveFailed);
            all.add(more, haveFailed);
        });
        answered.put(ALL, all);
        answered.forEach((endpoint, requests) ->
                registry.gauge(Catalogue.ERROR_RATE, service, endpoint).set(requests.errorRate()));
        for (String endpoint : endpoints) {
            if (!answered.containsKey(endpoint)) {
                registry.forget(Catalogue.ERROR_RATE, service, endpoint);
            }
        }
        endpoints = new HashSet<>(answered.keySet());
        before = now;
    }
}
