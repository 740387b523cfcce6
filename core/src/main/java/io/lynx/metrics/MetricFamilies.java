package io.lynx.metrics;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;

/** The metrics that are recorded through handles or read from sources, each created at its first use. Thread-safe. */
final class MetricFamilies {
    private final MetricsConfig config;
    private final InstantSource clock;
    private final Function<String, LongAdder> errors;
    private final Predicate<String> isTaken;
    private final ConcurrentHashMap<String, Family<?>> families = new ConcurrentHashMap<>();
    private final Object declaring = new Object();

    /** The exposed names of metrics outside the catalogue. */
    private final Map<String, String> owners = new ConcurrentHashMap<>();

    /** The catalogue by name. */
    private static final class Framework {
        static final Map<String, Metric> METRICS = new HashMap<>();

        static {
            for (Catalogue.Section section : Catalogue.sections()) {
                for (Metric metric : section.metrics()) {
                    METRICS.put(metric.name(), metric);
                }
            }
        }
    }

    /** The exposed names of the catalogue, by owner; created for the first metric outside it. */
    private static final class Reserved {
        static final Map<String, String> OWNERS = new HashMap<>();

        static {
            for (Metric metric : Framework.METRICS.values()) {
                for (String name : ExposedNames.of(metric)) {
                    OWNERS.put(name, metric.name());
                }
            }
        }
    }

    /**
     * Creates it without families.
     *
     * @param clock dates exemplars
     * @param errors returns the count of values that a metric cannot take, by its name
     * @param isTaken returns whether an exposed name belongs to an instrument of the library
     */
    MetricFamilies(
            MetricsConfig config, InstantSource clock, Function<String, LongAdder> errors, Predicate<String> isTaken) {
        this.config = config;
        this.clock = clock;
        this.errors = errors;
        this.isTaken = isTaken;
    }

    /**
     * Returns the family of {@code metric}.
     *
     * @throws IllegalArgumentException if one of its names belongs to another metric
     */
    Family<?> of(Metric metric) {
        Family<?> known = families.get(metric.name());
        if (known == null) {
            known = declare(metric);
        }
        Metric taken = known.metric();
        if (!metric.isLike(taken)) {
            throw new IllegalArgumentException(
                    "metric " + metric.describe() + ": the name belongs to " + taken.describe());
        }
        return known;
    }

    private Family<?> declare(Metric metric) {
        synchronized (declaring) {
            Family<?> known = families.get(metric.name());
            if (known == null) {
                Metric own = Framework.METRICS.get(metric.name());
                if (own == null) {
                    requireFree(metric);
                }
                known = make(own == null ? metric : own);
                if (own == null) {
                    requireExposable(known);
                    ExposedNames.of(metric).forEach(name -> owners.put(name, metric.name()));
                }
                families.put(metric.name(), known);
            }
            return known;
        }
    }

    private void requireFree(Metric metric) {
        for (String name : ExposedNames.of(metric)) {
            String owner = Reserved.OWNERS.getOrDefault(name, owners.get(name));
            if (owner == null && isOfTheRuntime(name)) {
                owner = "the metrics of the JVM and the process";
            }
            if (owner == null && isTaken.test(name)) {
                owner = "an instrument of the Prometheus library";
            }
            if (owner != null) {
                throw new IllegalArgumentException(
                        "metric " + metric.describe() + ": " + name + " belongs to " + owner + "; choose another name");
            }
        }
    }

    /** Refuses names that the library would refuse only when it exposes them. */
    private static void requireExposable(Family<?> family) {
        try {
            var _ = family.snapshot(Map.of());
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(
                    "metric " + family.metric().describe() + ": cannot be exposed; " + refused.getMessage(), refused);
        }
    }

    /** Returns whether {@code name} has a prefix of the framework's metrics of the JVM and the process. */
    static boolean isOfTheRuntime(String name) {
        return name.startsWith("jvm_") || name.startsWith("process_");
    }

    private Family<?> make(Metric metric) {
        return switch (metric.type()) {
            case COUNTER -> new CounterFamily(metric, config.maxSeries());
            case GAUGE, INFO -> new GaugeFamily(metric, config.maxSeries());
            case HISTOGRAM -> {
                var bounds = config.buckets().getOrDefault(metric.name(), metric.buckets());
                yield histogram(metric.withBuckets(bounds), errors.apply(metric.name()));
            }
        };
    }

    private Family<Histogram> histogram(Metric metric, LongAdder negatives) {
        int most = config.maxSeries();
        return switch (config.histograms()) {
            case CLASSIC -> HistogramFamily.of(metric, most, negatives, config.exemplars() ? clock : null);
            case NATIVE, BOTH ->
                NativeHistogramFamily.of(metric, most, config.histograms(), negatives, config.exemplars());
        };
    }

    /** Returns whether {@code metric}, or another of its name, has been used. */
    boolean contains(Metric metric) {
        return families.containsKey(metric.name());
    }

    /** Returns whether a metric exposes {@code name}, the whole catalogue included. */
    boolean expose(String name) {
        return Reserved.OWNERS.containsKey(name) || owners.containsKey(name);
    }

    Collection<Family<?>> all() {
        return families.values();
    }
}
