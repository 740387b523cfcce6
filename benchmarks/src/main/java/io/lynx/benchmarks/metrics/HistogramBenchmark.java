package io.lynx.benchmarks.metrics;

import io.lynx.metrics.Catalogue;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures recording a duration in a series that has been looked up before; every histogram has the eleven buckets of requests. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HistogramBenchmark {
    private static final List<Double> BOUNDS = Catalogue.REQUEST_DURATION.buckets();

    private final LongAdder adder = new LongAdder();
    private final io.lynx.metrics.Histogram lynx =
            Registries.lynx().histogram(Catalogue.REQUEST_DURATION, "GET", "/orders/{id}", "http");
    private final DistributionDataPoint prometheusClassic = io.prometheus.metrics.core.metrics.Histogram.builder()
            .name("request_duration_seconds")
            .labelNames("path")
            .classicOnly()
            .classicUpperBounds(bounds())
            .build()
            .labelValues("/orders/{id}");
    private final DistributionDataPoint prometheusStock = io.prometheus.metrics.core.metrics.Histogram.builder()
            .name("request_duration_seconds")
            .labelNames("path")
            .build()
            .labelValues("/orders/{id}");
    private final Timer micrometer = Timer.builder("request.duration")
            .tag("path", "/orders/{id}")
            .serviceLevelObjectives(BOUNDS.stream()
                    .map(bound -> Duration.ofNanos((long) (bound * 1e9)))
                    .toArray(Duration[]::new))
            .register(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    private final DoubleHistogram openTelemetry = Registries.openTelemetry()
            .histogramBuilder("request.duration")
            .setExplicitBucketBoundariesAdvice(BOUNDS)
            .build();
    private final Attributes attributes = Attributes.of(AttributeKey.stringKey("path"), "/orders/{id}");

    private static double[] bounds() {
        return BOUNDS.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Benchmark
    public void adder(Values values) {
        adder.add(values.next());
    }

    @Benchmark
    public void lynx(Values values) {
        lynx.record(values.next());
    }

    @Benchmark
    public void prometheusClassic(Values values) {
        prometheusClassic.observe(values.next() * 1e-9);
    }

    /** The client's default: classic and native buckets. */
    @Benchmark
    public void prometheusStock(Values values) {
        prometheusStock.observe(values.next() * 1e-9);
    }

    @Benchmark
    public void micrometer(Values values) {
        micrometer.record(values.next(), TimeUnit.NANOSECONDS);
    }

    @Benchmark
    public void openTelemetry(Values values) {
        openTelemetry.record(values.next() * 1e-9, attributes);
    }
}
