package io.lynx.metrics;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Env;
import io.lynx.config.Host;
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
 * @param buckets upper bounds of a metric's buckets, ascending, which replace those of the catalogue
 * @param maxSeries the number of label combinations of one metric; beyond it, counters and histograms share one series,
 *     and gauges are left out
 */
public record MetricsConfig(
        @Default("true") @Doc("Whether anything is measured.")
        boolean enabled,

        @Default("30s")
        @Range(min = "1s", max = "10m")
        @Doc("Period at which derived values such as error rates are computed; plain gauges are read at each scrape.")
        Duration updateInterval,

        @Doc("The management port.") Prometheus prometheus,

        @Default("classic") @Doc("The form of histograms.") Histograms histograms,

        @Default("false") @Doc("Whether histograms expose, as an exemplar, the trace of one value of each bucket.")
        boolean exemplars,

        @Doc("Upper bounds of the buckets of a metric, ascending; they replace those of the catalogue.")
        Map<String, List<Double>> buckets,

        @Default("1000")
        @Range(min = "1", max = "1000000")
        @Doc("Maximum number of label combinations of one metric; beyond it, counters and histograms share one"
                + " series, and gauges are left out.")
        int maxSeries) {
    /** The section that is bound to this record. */
    public static final ConfigSection<MetricsConfig> SECTION = ConfigSection.of("lynx.metrics", MetricsConfig.class);

    /**
     * Copies the buckets; a last bound of infinity, which every histogram has, is left out.
     *
     * @throws IllegalArgumentException if a metric has no buckets or they do not ascend, or a name with a prefix of the
     *     framework is not a histogram of the catalogue
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
        /** Both. */
        BOTH
    }

    /**
     * The management port: metrics, health and the operations endpoints.
     *
     * @param enabled whether it is opened
     * @param port the port number; 0 for any free one
     * @param host the address it binds to
     */
    public record Prometheus(
            @Default("true") @Doc("Whether the management port is opened.")
            boolean enabled,

            @Default("9090")
            @Range(min = "0", max = "65535")
            @Env("LYNX_METRICS_PORT")
            @Doc("Port of the management listener; 0 for any free one.")
            int port,

            @Default("0.0.0.0") @Doc("The address the management port binds to.")
            Host host) {}
}
