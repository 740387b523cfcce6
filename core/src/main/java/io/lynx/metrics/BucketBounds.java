package io.lynx.metrics;

import io.lynx.config.Suggestions;
import io.lynx.metrics.Metric.MetricType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the buckets that a configuration sets for a metric. Stateless. */
final class BucketBounds {
    private static final String FRAMEWORK = "lynx_";

    private BucketBounds() {}

    /**
     * Returns the bounds, without the infinite one.
     *
     * @throws IllegalArgumentException if the metric cannot have them
     */
    static List<Double> of(String metric, List<Double> bounds) {
        requireHistogram(metric);
        List<Double> finite = !bounds.isEmpty() && bounds.getLast() == Double.POSITIVE_INFINITY
                ? bounds.subList(0, bounds.size() - 1)
                : bounds;
        if (finite.isEmpty()) {
            throw new IllegalArgumentException("buckets of " + metric + ": none; one upper bound at least");
        }
        for (int i = 0; i < finite.size(); i++) {
            if (!Double.isFinite(finite.get(i))) {
                throw new IllegalArgumentException("buckets of " + metric + ": " + finite.get(i)
                        + "; bounds are finite, the last may be infinite");
            }
            if (i > 0 && finite.get(i) <= finite.get(i - 1)) {
                throw new IllegalArgumentException("buckets of " + metric + ": " + finite.get(i) + " after "
                        + finite.get(i - 1) + "; each bound is above the one before");
            }
        }
        return List.copyOf(finite);
    }

    /** Metrics of the application are not known yet; those with a prefix of the framework must exist. */
    private static void requireHistogram(String name) {
        List<Metric> all = Catalogue.all();
        for (Metric metric : all) {
            if (metric.name().equals(name)) {
                if (metric.type() != MetricType.HISTOGRAM) {
                    throw new IllegalArgumentException("buckets of " + name + ": it is a "
                            + metric.type().name().toLowerCase(java.util.Locale.ROOT)
                            + "; only histograms have buckets");
                }
                return;
            }
        }
        if (name.startsWith(FRAMEWORK)) {
            @Nullable
            String meant = Suggestions.closest(
                    name,
                    all.stream()
                            .filter(metric -> metric.type() == MetricType.HISTOGRAM)
                            .map(Metric::name)
                            .toList());
            throw new IllegalArgumentException("buckets of " + name + ": no such histogram"
                    + (meant == null ? "; see the reference of metrics" : "; did you mean '" + meant + "'?"));
        }
    }
}
