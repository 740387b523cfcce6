package io.lynx.benchmarks.metrics;

import io.lynx.metrics.Catalogue;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
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

/** Measures an increment of a counter whose series has been looked up before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CounterBenchmark {
    private final LongAdder adder = new LongAdder();
    private final io.lynx.metrics.Counter lynx = Registries.lynx().counter(Catalogue.CACHE_HITS, "users");
    private final CounterDataPoint prometheus = io.prometheus.metrics.core.metrics.Counter.builder()
            .name("cache_hits_total")
            .labelNames("cache_name")
            .build()
            .labelValues("users");
    private final io.micrometer.core.instrument.Counter micrometer =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT).counter("cache.hits", "cache.name", "users");
    private final LongCounter openTelemetry =
            Registries.openTelemetry().counterBuilder("cache.hits").build();
    private final Attributes attributes = Attributes.of(AttributeKey.stringKey("cache.name"), "users");

    @Benchmark
    public void adder() {
        adder.increment();
    }

    @Benchmark
    public void lynx() {
        lynx.increment();
    }

    @Benchmark
    public void prometheus() {
        prometheus.inc();
    }

    @Benchmark
    public void micrometer() {
        micrometer.increment();
    }

    @Benchmark
    public void openTelemetry() {
        openTelemetry.add(1, attributes);
    }
}
