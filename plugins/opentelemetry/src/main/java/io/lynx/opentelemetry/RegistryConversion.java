package io.lynx.opentelemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Converts a scrape of the application's registry to OpenTelemetry's metrics. A metric keeps the name that it has in
 * the scrape, so that the same queries work for both. Counters and histograms are cumulative from the start of the
 * application. Gauge histograms have no counterpart and are left out. Immutable.
 */
final class RegistryConversion {
    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.lynx.metrics");

    private final Resource resource;
    private final long startNanos;
    private final Consumer<RuntimeException> dropped;

    /**
     * Creates a conversion.
     *
     * @param resource describes the application
     * @param start the time when its counters were zero, for those that do not have such a time themselves
     * @param dropped is called for a metric that has no counterpart
     */
    RegistryConversion(Resource resource, Instant start, Consumer<RuntimeException> dropped) {
        this.resource = resource;
        this.startNanos = nanos(start);
        this.dropped = dropped;
    }

    /** Converts the metrics that were scraped at {@code now}. */
    List<MetricData> convert(List<MetricSnapshot> scraped, Instant now) {
        List<MetricData> all = new ArrayList<>(scraped.size());
        for (MetricSnapshot snapshot : scraped) {
            try {
                MetricData metric = convert(snapshot, nanos(now));
                if (metric != null && !metric.isEmpty()) {
                    all.add(metric);
                }
            } catch (IllegalArgumentException impossible) {
                dropped.accept(impossible);
            }
        }
        return all;
    }

    private @Nullable MetricData convert(MetricSnapshot snapshot, long now) {
        String name = snapshot.getMetadata().getPrometheusName();
        return switch (snapshot) {
            case CounterSnapshot counter ->
                metric(counter, suffixed(name, "_total"), MetricDataType.DOUBLE_SUM, sum(counter, now));
            case GaugeSnapshot gauge ->
                gauge(gauge, name, numbers(gauge.getDataPoints(), point -> point.getValue(), now));
            case UnknownSnapshot unknown ->
                gauge(unknown, name, numbers(unknown.getDataPoints(), point -> point.getValue(), now));
            case InfoSnapshot info -> gauge(info, suffixed(name, "_info"), numbers(info.getDataPoints(), _ -> 1, now));
            case StateSetSnapshot states -> gauge(states, name, states(states, name, now));
            case SummarySnapshot summary ->
                metric(summary, name, MetricDataType.SUMMARY, SummaryData.create(summaries(summary, now)));
            case HistogramSnapshot histogram -> histogram.isGaugeHistogram() ? null : histogram(histogram, name, now);
            default -> null;
        };
    }

    private PushedMetric metric(MetricSnapshot snapshot, String name, MetricDataType type, Data<?> data) {
        String help = snapshot.getMetadata().getHelp();
        return new PushedMetric(resource, SCOPE, name, help == null ? "" : help, unit(name), type, data);
    }

    private PushedMetric gauge(MetricSnapshot snapshot, String name, Collection<DoublePointData> points) {
        return metric(snapshot, name, MetricDataType.DOUBLE_GAUGE, GaugeData.createDoubleGaugeData(points));
    }

    private SumData<DoublePointData> sum(CounterSnapshot counter, long now) {
        return SumData.createDoubleSumData(
                true,
                AggregationTemporality.CUMULATIVE,
                numbers(counter.getDataPoints(), point -> point.getValue(), now));
    }

    private <P extends DataPointSnapshot> List<DoublePointData> numbers(
            List<P> points, ToDoubleFunction<P> value, long now) {
        return points.stream()
                .map(point -> DoublePointData.create(
                        start(point), now, attributes(point.getLabels()), value.applyAsDouble(point), List.of()))
                .toList();
    }

    private List<DoublePointData> states(StateSetSnapshot states, String name, long now) {
        List<DoublePointData> all = new ArrayList<>();
        for (StateSetSnapshot.StateSetDataPointSnapshot point : states.getDataPoints()) {
            for (int i = 0; i < point.size(); i++) {
                Attributes attributes = attributes(point.getLabels()).toBuilder()
                        .put(name, point.getName(i))
                        .build();
                all.add(DoublePointData.create(start(point), now, attributes, point.isTrue(i) ? 1 : 0, List.of()));
            }
        }
        return all;
    }

    private List<SummaryPointData> summaries(SummarySnapshot summary, long now) {
        return summary.getDataPoints().stream()
                .map(point -> SummaryPointData.create(
                        start(point),
                        now,
                        attributes(point.getLabels()),
                        point.hasCount() ? point.getCount() : 0,
                        point.hasSum() ? point.getSum() : 0,
                        quantiles(point)))
                .toList();
    }

    private static List<ValueAtQuantile> quantiles(SummarySnapshot.SummaryDataPointSnapshot point) {
        List<ValueAtQuantile> all = new ArrayList<>();
        point.getQuantiles().forEach(each -> all.add(ValueAtQuantile.create(each.getQuantile(), each.getValue())));
        return all;
    }

    /**
     * Converts a histogram, with its exponential buckets if it has any, since they are more exact than the classic
     * ones.
     */
    private MetricData histogram(HistogramSnapshot histogram, String name, long now) {
        List<HistogramDataPointSnapshot> points = histogram.getDataPoints();
        boolean isNative =
                !points.isEmpty() && points.stream().allMatch(HistogramDataPointSnapshot::hasNativeHistogramData);
        if (isNative) {
            List<ExponentialHistogramPointData> exponential =
                    points.stream().map(point -> exponential(point, now)).toList();
            return metric(
                    histogram,
                    name,
                    MetricDataType.EXPONENTIAL_HISTOGRAM,
                    ExponentialHistogramData.create(AggregationTemporality.CUMULATIVE, exponential));
        }
        List<HistogramPointData> classic = points.stream()
                .filter(HistogramDataPointSnapshot::hasClassicHistogramData)
                .map(point -> classic(point, now))
                .toList();
        return metric(
                histogram,
                name,
                MetricDataType.HISTOGRAM,
                HistogramData.create(AggregationTemporality.CUMULATIVE, classic));
    }

    private HistogramPointData classic(HistogramDataPointSnapshot point, long now) {
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        List<Double> bounds = new ArrayList<>(buckets.size());
        List<Long> counts = new ArrayList<>(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.getUpperBound(i) != Double.POSITIVE_INFINITY) {
                bounds.add(buckets.getUpperBound(i));
            }
            counts.add(buckets.getCount(i));
        }
        double sum = point.hasSum() ? point.getSum() : 0;
        return HistogramPointData.create(
                start(point), now, attributes(point.getLabels()), sum, false, 0, false, 0, bounds, counts);
    }

    private ExponentialHistogramPointData exponential(HistogramDataPointSnapshot point, long now) {
        int schema = point.getNativeSchema();
        return ExponentialHistogramPointData.create(
                schema,
                point.hasSum() ? point.getSum() : 0,
                point.getNativeZeroCount(),
                false,
                0,
                false,
                0,
                ExponentialBuckets.fromNative(point.getNativeBucketsForPositiveValues(), schema),
                ExponentialBuckets.fromNative(point.getNativeBucketsForNegativeValues(), schema),
                start(point),
                now,
                attributes(point.getLabels()),
                List.of());
    }

    private long start(DataPointSnapshot point) {
        return point.hasCreatedTimestamp()
                ? TimeUnit.MILLISECONDS.toNanos(point.getCreatedTimestampMillis())
                : startNanos;
    }

    private static Attributes attributes(Labels labels) {
        AttributesBuilder attributes = Attributes.builder();
        labels.forEach(label -> attributes.put(label.getName(), label.getValue()));
        return attributes.build();
    }

    private static String suffixed(String name, String suffix) {
        return name.endsWith(suffix) ? name : name + suffix;
    }

    private static String unit(String name) {
        String bare = name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
        if (bare.endsWith("_seconds")) {
            return "s";
        }
        return bare.endsWith("_bytes") ? "By" : "";
    }

    private static long nanos(Instant instant) {
        return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
    }
}
