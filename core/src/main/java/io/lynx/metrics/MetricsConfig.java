package io.lynx.metrics;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is measured and where it is exposed: {@code lynx.metrics}.
 *
 * @param enabled whether anything is measured
 * @param updateInterval the period at which derived values are computed
 * @param prometheus the management port
 * @param histograms the form of histograms
 * @param exemplars whether histograms remember traces
 * @param buckets upper bounds for a metric, in place of the catalogue's; they ascend
 * @param maxSeries label combinations of one metric; beyond that counters and histograms fold into one, gauges are left out
 */
public record MetricsConfig(
        @Default("true") @Doc("Whether anything is measured.")
        boolean enabled,

        @Default("30s")
        @Range(min = "1s", max = "10m")
        @Doc("The period at which derived values such as error rates are computed; plain gauges are read at scrape.")
        Duration updateInterval,

        @Doc("The management port.") Prometheus prometheus,

        @Default("classic") @Doc("The form of histograms.") Histograms histograms,

        @Default("false") @Doc("Whether buckets of histograms show the trace of one of their values.")
        boolean exemplars,

        @Doc("Upper bounds for a metric, ascending, in place of the catalogue's.")
        Map<String, List<Double>> buckets,

        @Default("1000")
        @Range(min = "1", max = "1000000")
        @Doc("Label combinations of one metric; beyond that counters and histograms fold, gauges are left out.")
        int maxSeries) {
    /** Where it is written. */
    public static final ConfigSection<MetricsConfig> SECTION = ConfigSection.of("lynx.metrics", MetricsConfig.class);

    /**
     * Copies the buckets; a last bound of infinity, which every histogram has, is left out.
     *
     * @throws IllegalArgumentException if a metric's buckets do not ascend or there are none, or a metric of the framework
     *     is named that is not there or is no histogram
     */
    public MetricsConfig {
        Map<String, List<Double>> copy = new HashMap<>();
        buckets.forEach((metric, bounds) -> copy.put(metric, BucketBounds.of(metric, bounds)));
        buckets = Map.copyOf(copy);
    }

    /** The form of histograms. */
    public enum Histograms {
        /** Fixed buckets. */
        CLASSIC,
        /** Exponential buckets of Prometheus' native histograms. */
        NATIVE,
        /** The two of them. */
        BOTH
    }

    /**
     * The management port: metrics, health and the operations endpoints.
     *
     * @param enabled whether there is one
     * @param port where it listens; 0 for any free one
     * @param host the address it binds to
     */
    public record Prometheus(
            @Default("true") @Doc("Whether there is a management port.")
            boolean enabled,

            @Default("9090")
            @Range(min = "0", max = "65535")
            @Env("LYNX_METRICS_PORT")
            @Doc("The management port; 0 for any free one.")
            int port,

            @Default("0.0.0.0") @Doc("The address the management port binds to.")
            String host) {}
}
