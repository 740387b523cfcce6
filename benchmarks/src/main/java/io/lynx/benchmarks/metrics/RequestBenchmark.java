package io.lynx.benchmarks.metrics;

import io.lynx.metrics.ProductionMetrics;
import io.lynx.metrics.RequestSeries;
import java.time.Duration;
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

/** Measures what is recorded for one request: a counter and three histograms. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestBenchmark {
    private final LongAdder adder = new LongAdder();
    private final ProductionMetrics metrics = ProductionMetrics.builder().build();
    private final RequestSeries series = metrics.requests("GET", "/orders/{id}", "http");

    @Benchmark
    public void adder(Values values) {
        adder.add(values.next());
    }

    @Benchmark
    public void bound(Values values) {
        series.record(200, values.next(), 0, 2048);
    }

    @Benchmark
    public void lookedUp(Values values) {
        metrics.recordRequest("GET", "/orders/{id}", "200", "http", Duration.ofNanos(values.next()), 0, 2048);
    }
}
