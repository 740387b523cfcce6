package io.lynx.benchmarks.metrics;

import io.lynx.metrics.Exposition;
import io.lynx.metrics.Metric;
import io.lynx.metrics.Metric.Unit;
import io.lynx.metrics.MetricRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A scrape of 10,000 series, as Prometheus counts them: 4,400 of counters and gauges, and 400 histograms of 14 each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScrapeBenchmark {
    private static final List<Double> BOUNDS = List.of(.005, .01, .025, .05, .1, .25, .5, 1.0, 2.5, 5.0, 10.0);

    private final MetricRegistry registry = Registries.lynx();

    @Param({"text/plain", "application/openmetrics-text", PROTOBUF})
    private String accept = "";

    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private Exposition exposition = Exposition.text();

    /** Creates the series. */
    @Setup
    public void fill() {
        exposition = Exposition.of(accept);
        for (int family = 0; family < 11; family++) {
            Metric counter = Metric.counter("things_" + family + "_total", "Things.", "method", "path");
            Metric gauge = Metric.gauge("level_" + family, "Levels.", "method", "path");
            for (int i = 0; i < 200; i++) {
                registry.counter(counter, "GET", "/things/" + i).add(i);
                registry.gauge(gauge, "GET", "/things/" + i).set(i);
            }
        }
        Metric histogram = Metric.histogram("thing_seconds", "Things.", Unit.SECONDS, BOUNDS, "method", "path");
        for (int i = 0; i < 400; i++) {
            registry.histogram(histogram, "GET", "/things/" + i).record(i * 1_000_000L);
        }
    }

    @Benchmark
    public void scrape() throws IOException {
        exposition.write(registry.scrape(), OutputStream.nullOutputStream());
    }
}
