package io.lynx.metrics;

import io.lynx.metrics.Metric.MetricType;
import io.lynx.metrics.MetricSource.Samples;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The values of one source at one scrape. Not thread-safe: written by the thread that polls, then read by another. */
final class CollectedSamples implements Samples {
    private final Function<Metric, Family<?>> families;
    private final Map<Family<?>, Map<LabelValues, Double>> told = new LinkedHashMap<>();
    private final List<MetricSnapshot> shown = new ArrayList<>();
    private final List<RuntimeException> refused = new ArrayList<>();

    /** Creates empty samples, which look families up by {@code families}. */
    CollectedSamples(Function<Metric, Family<?>> families) {
        this.families = families;
    }

    @Override
    public void add(Metric metric, double value, String... labelValues) {
        if (metric.type() == MetricType.HISTOGRAM) {
            throw new IllegalArgumentException(
                    "metric " + metric.name() + ": is a histogram; record its values through a handle");
        }
        Family<?> family = families.apply(metric);
        LabelValues labels = Family.labels(family.metric(), labelValues);
        if (metric.type() != MetricType.COUNTER) {
            values(family).put(labels, value);
        } else if (value >= 0) {
            values(family).merge(labels, value, Double::sum);
        } else {
            refused.add(
                    new IllegalArgumentException("metric " + metric.name() + ": " + value + "; a counter only grows"));
        }
    }

    private Map<LabelValues, Double> values(Family<?> family) {
        return told.computeIfAbsent(family, _ -> new LinkedHashMap<>());
    }

    void show(MetricSnapshot snapshot) {
        shown.add(snapshot);
    }

    Map<Family<?>, Map<LabelValues, Double>> told() {
        return told;
    }

    List<MetricSnapshot> shown() {
        return shown;
    }

    /** The values that their metrics cannot take. */
    List<RuntimeException> refused() {
        return refused;
    }
}
