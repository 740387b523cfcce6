package io.lynx.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_36_2.Metrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FormatsTest {
    private static final String OPENMETRICS = "application/openmetrics-text";
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private final MetricRegistry registry = new MetricRegistry(Binding.defaults(MetricsConfig.class));

    private void recordAllKinds() {
        registry.gauge(Catalogue.APP_VERSION, "1.2.3", "abcdef", "2026-01-01").set(1);
        registry.counter(Catalogue.CACHE_HITS, "users").add(12);
        registry.counter(Catalogue.CACHE_HITS, "orders");
        registry.gauge(Catalogue.CACHE_SIZE, "users").set(3.5);
        registry.gauge(Catalogue.CACHE_SIZE, "empty").set(Double.NaN);
        registry.gauge(Catalogue.CACHE_SIZE, "full").set(Double.POSITIVE_INFINITY);
        Histogram latency = registry.histogram(Catalogue.HEALTH_LATENCY, "database");
        latency.record(5_000_000);
        latency.record(5_000_001);
        latency.record(60_000_000_000L);
        Histogram sizes = registry.histogram(Catalogue.REQUEST_SIZE, "GET", "/orders/{id}", "http");
        sizes.record(0);
        sizes.record(100);
        sizes.record(101);
    }

    @Test
    void writesTextAsInTheGoldenFile() throws IOException {
        recordAllKinds();

        assertThat(write("text/plain")).isEqualTo(golden("metrics.txt"));
    }

    @Test
    void writesOpenMetricsAsInTheGoldenFile() throws IOException {
        recordAllKinds();

        assertThat(write(OPENMETRICS)).isEqualTo(golden("metrics.openmetrics.txt"));
    }

    @Test
    void writesTheSameValuesInProtobufAsInText() throws IOException {
        recordAllKinds();

        Set<String> text = new TreeSet<>();
        write("text/plain").lines().filter(line -> !line.startsWith("#")).forEach(text::add);
        Set<String> protobuf = new TreeSet<>();
        families(PROTOBUF).forEach(family -> protobuf.addAll(lines(family)));

        assertThat(protobuf).isEqualTo(text);
    }

    @Test
    void writesHostileLabelsInAllFormats() throws IOException {
        List<String> hostile = List.of(
                "line\nbreak\r\n",
                "quote\" and \\ and \\n",
                "nul\0nul",
                "half \ud800 a pair",
                "other half \udc00",
                "\ud83d\ude00 whole pair",
                "x".repeat(1_000_000),
                "y".repeat(199) + "\ud83d\ude00",
                "",
                "{le=\"1\"} 5 # EOF",
                "\u202e\u0007 controls");
        hostile.forEach(value -> registry.counter(Catalogue.CACHE_HITS, value).increment());
        registry.counter(Catalogue.CACHE_HITS, (String) null).increment();

        String text = write("text/plain");
        String openMetrics = write(OPENMETRICS);
        List<Metrics.Metric> protobuf = families(PROTOBUF).stream()
                .filter(family -> family.getName().equals("lynx_cache_hits_total"))
                .findFirst()
                .orElseThrow()
                .getMetricList();

        List<String> series = Stream.of(text.split("\n"))
                .filter(line -> line.startsWith("lynx_cache_hits_total{"))
                .toList();
        assertThat(series)
                .hasSize(hostile.size())
                .doesNotHaveDuplicates()
                .contains("lynx_cache_hits_total{cache_name=\"line\\nbreak\r\\n\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"quote\\\" and \\\\ and \\\\n\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"nul\ufffdnul\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"half \ufffd a pair\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"" + "x".repeat(200) + "\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"" + "y".repeat(199) + "\ufffd\"} 1.0")
                .contains("lynx_cache_hits_total{cache_name=\"\"} 2.0");
        assertThat(Stream.of(openMetrics.split("\n")).filter(line -> line.startsWith("lynx_cache_hits_total{")))
                .containsExactlyElementsOf(series);
        assertThat(openMetrics).endsWith("\n# EOF\n");
        assertThat(protobuf).hasSize(hostile.size());
        assertThat(protobuf)
                .map(metric -> metric.getLabel(0).getValue())
                .contains("line\nbreak\r\n", "nul\ufffdnul", "\ud83d\ude00 whole pair");
    }

    private static List<String> lines(Metrics.MetricFamily family) {
        List<String> lines = new ArrayList<>();
        for (Metrics.Metric metric : family.getMetricList()) {
            List<String> labels = metric.getLabelList().stream()
                    .map(label -> label.getName() + "=\"" + label.getValue() + "\"")
                    .toList();
            switch (family.getType()) {
                case COUNTER ->
                    lines.add(family.getName() + braces(labels) + " "
                            + metric.getCounter().getValue());
                case GAUGE -> {
                    boolean isInfo = family.getName().endsWith("_info");
                    double value = metric.getGauge().getValue();
                    lines.add(family.getName() + braces(labels) + " " + (isInfo ? "1" : shown(value)));
                }
                case HISTOGRAM -> {
                    for (Metrics.Bucket bucket : metric.getHistogram().getBucketList()) {
                        List<String> all = new ArrayList<>(labels);
                        all.add("le=\"" + shown(bucket.getUpperBound()) + "\"");
                        lines.add(family.getName() + "_bucket" + braces(all) + " " + bucket.getCumulativeCount());
                    }
                    lines.add(family.getName() + "_count" + braces(labels) + " "
                            + metric.getHistogram().getSampleCount());
                    lines.add(family.getName() + "_sum" + braces(labels) + " "
                            + metric.getHistogram().getSampleSum());
                }
                default -> throw new AssertionError(family.getType());
            }
        }
        return lines;
    }

    private static String braces(List<String> labels) {
        return labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}";
    }

    private static String shown(double value) {
        return value == Double.POSITIVE_INFINITY ? "+Inf" : Double.toString(value);
    }

    private List<Metrics.MetricFamily> families(String accept) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes(accept));
        List<Metrics.MetricFamily> families = new ArrayList<>();
        Metrics.MetricFamily family = Metrics.MetricFamily.parseDelimitedFrom(in);
        while (family != null) {
            families.add(family);
            family = Metrics.MetricFamily.parseDelimitedFrom(in);
        }
        return families;
    }

    private String write(String accept) throws IOException {
        return new String(bytes(accept), UTF_8);
    }

    private byte[] bytes(String accept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exposition.of(accept).write(registry.scrape(name -> !name.startsWith("lynx_metrics_")), out);
        return out.toByteArray();
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = FormatsTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
