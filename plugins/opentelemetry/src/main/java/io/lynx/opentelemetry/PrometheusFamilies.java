package io.lynx.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExemplarData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongExemplarData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Converts OpenTelemetry's metrics to families of Prometheus. Monotonic sums become counters, other sums gauges; a
 * histogram with exponential buckets becomes a native one. Thread-safe.
 */
final class PrometheusFamilies {
    /** The kinds of families; a name can have only one. */
    private enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        SUMMARY
    }

    private final boolean hasScopeLabels;

    PrometheusFamilies(boolean hasScopeLabels) {
        this.hasScopeLabels = hasScopeLabels;
    }

    /** Returns the name under which {@code metric} is exposed; that of a counter without {@code _total}. */
    String name(MetricData metric) {
        return PrometheusNames.family(metric.getName(), metric.getUnit(), kind(metric) == Kind.GAUGE);
    }

    /**
     * Returns the family of metrics that are exposed under one name, such as those of several scopes.
     *
     * @throws IllegalArgumentException if they are of several kinds, or two of their series cannot be distinguished
     */
    MetricSnapshot family(String name, List<MetricData> metrics) {
        Kind kind = kind(metrics.getFirst());
        if (metrics.stream().anyMatch(metric -> kind(metric) != kind)) {
            throw new IllegalArgumentException("metric " + name + ": has several kinds; a name can have one");
        }
        MetricMetadata metadata = new MetricMetadata(name, metrics.getFirst().getDescription());
        return switch (kind) {
            case COUNTER -> new CounterSnapshot(metadata, points(metrics, this::counterPoint));
            case GAUGE -> new GaugeSnapshot(metadata, points(metrics, this::gaugePoint));
            case HISTOGRAM -> new HistogramSnapshot(metadata, points(metrics, this::histogramPoint));
            case SUMMARY -> new SummarySnapshot(metadata, points(metrics, this::summaryPoint));
        };
    }

    /**
     * Returns the {@code target_info} that describes the measured service. The instance is left out: Prometheus has its
     * own {@code instance}, and each restart of the process would create another series.
     */
    MetricSnapshot target(Resource resource) {
        Attributes attributes = resource.getAttributes().toBuilder()
                .removeIf(key -> key.getKey().equals(Identity.INSTANCE))
                .build();
        MetricMetadata metadata = new MetricMetadata("target", "The measured service.");
        return new InfoSnapshot(
                metadata, List.of(new InfoSnapshot.InfoDataPointSnapshot(toLabels(labels(attributes)))));
    }

    private static Kind kind(MetricData metric) {
        return switch (metric.getType()) {
            case LONG_SUM -> metric.getLongSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? Kind.COUNTER : Kind.GAUGE;
            case LONG_GAUGE, DOUBLE_GAUGE -> Kind.GAUGE;
            case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> Kind.HISTOGRAM;
            case SUMMARY -> Kind.SUMMARY;
        };
    }

    private <T extends DataPointSnapshot> List<T> points(
            List<MetricData> metrics, BiFunction<PointData, Labels, T> point) {
        List<T> all = new ArrayList<>();
        for (MetricData metric : metrics) {
            for (PointData each : metric.getData().getPoints()) {
                all.add(point.apply(each, labels(metric.getInstrumentationScopeInfo(), each.getAttributes())));
            }
        }
        return all;
    }

    private CounterDataPointSnapshot counterPoint(PointData point, Labels labels) {
        return new CounterDataPointSnapshot(value(point), labels, exemplar(point), startMillis(point));
    }

    private GaugeDataPointSnapshot gaugePoint(PointData point, Labels labels) {
        return new GaugeDataPointSnapshot(value(point), labels, exemplar(point));
    }

    private HistogramDataPointSnapshot histogramPoint(PointData point, Labels labels) {
        return switch (point) {
            case HistogramPointData classic -> {
                List<Double> bounds = new ArrayList<>(classic.getBoundaries());
                bounds.add(Double.POSITIVE_INFINITY);
                yield new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(bounds, classic.getCounts()),
                        classic.getSum(),
                        labels,
                        exemplars(classic.getExemplars()),
                        startMillis(point));
            }
            case ExponentialHistogramPointData exponential ->
                new HistogramDataPointSnapshot(
                        ExponentialBuckets.nativeSchema(exponential.getScale()),
                        exponential.getZeroCount(),
                        0,
                        ExponentialBuckets.toNative(exponential.getPositiveBuckets(), exponential.getScale()),
                        ExponentialBuckets.toNative(exponential.getNegativeBuckets(), exponential.getScale()),
                        exponential.getSum(),
                        labels,
                        exemplars(exponential.getExemplars()),
                        startMillis(point));
            default ->
                throw new IllegalArgumentException(
                        "histogram point: " + point.getClass().getName());
        };
    }

    private SummaryDataPointSnapshot summaryPoint(PointData point, Labels labels) {
        SummaryPointData summary = (SummaryPointData) point;
        List<Quantile> quantiles = summary.getValues().stream()
                .map(value -> new Quantile(value.getQuantile(), value.getValue()))
                .toList();
        return new SummaryDataPointSnapshot(
                summary.getCount(),
                summary.getSum(),
                Quantiles.of(quantiles),
                labels,
                Exemplars.EMPTY,
                startMillis(point));
    }

    private static double value(PointData point) {
        return switch (point) {
            case LongPointData whole -> (double) whole.getValue();
            case DoublePointData real -> real.getValue();
            default ->
                throw new IllegalArgumentException("point: " + point.getClass().getName());
        };
    }

    private static long startMillis(PointData point) {
        return TimeUnit.NANOSECONDS.toMillis(point.getStartEpochNanos());
    }

    private Labels labels(InstrumentationScopeInfo scope, Attributes attributes) {
        Map<String, String> labels = labels(attributes);
        if (hasScopeLabels) {
            labels.put("otel_scope_name", scope.getName());
            if (scope.getVersion() != null) {
                labels.put("otel_scope_version", scope.getVersion());
            }
        }
        return toLabels(labels);
    }

    private static Labels toLabels(Map<String, String> labels) {
        return Labels.of(labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
    }

    /** Joins attributes whose names become the same label, as the specification requires. */
    private static Map<String, String> labels(Attributes attributes) {
        Map<String, String> labels = new TreeMap<>();
        attributes.forEach((key, value) -> labels.merge(
                PrometheusNames.label(key.getKey()), String.valueOf(value), (one, two) -> one + ";" + two));
        return labels;
    }

    private static @Nullable Exemplar exemplar(PointData point) {
        Exemplars all = exemplars(point.getExemplars());
        return all.size() == 0 ? null : all.get(0);
    }

    private static Exemplars exemplars(Collection<? extends ExemplarData> recorded) {
        List<Exemplar> all = new ArrayList<>(recorded.size());
        for (ExemplarData exemplar : recorded) {
            SpanContext span = exemplar.getSpanContext();
            if (span.isValid()) {
                double value =
                        switch (exemplar) {
                            case LongExemplarData whole -> (double) whole.getValue();
                            case DoubleExemplarData real -> real.getValue();
                            default -> Double.NaN;
                        };
                all.add(new Exemplar(
                        value,
                        Labels.of("trace_id", span.getTraceId(), "span_id", span.getSpanId()),
                        TimeUnit.NANOSECONDS.toMillis(exemplar.getEpochNanos())));
            }
        }
        return Exemplars.of(all);
    }
}
