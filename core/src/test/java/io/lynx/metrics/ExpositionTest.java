package io.lynx.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.Binding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionTest {
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
        null                                                            | TEXT
        ''                                                              | TEXT
        */*                                                             | TEXT
        text/*;q=0.1                                                    | TEXT
        text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | TEXT
        application/json                                                | TEXT
        nonsense                                                        | TEXT
        ;;;,,,q=                                                        | TEXT
        application/openmetrics-text                                    | OPENMETRICS
        Application/OpenMetrics-Text; Version="1.0.0"                   | OPENMETRICS
        application/openmetrics-text;version=0.0.1                      | OPENMETRICS
        application/openmetrics-text;version=2.0.0                      | TEXT
        application/openmetrics-text;q=0                                | TEXT
        application/openmetrics-text;q=0.5,text/plain;q=0.6             | TEXT
        text/plain;q=0.5,application/openmetrics-text;q=0.6             | OPENMETRICS
        text/plain,application/openmetrics-text                         | TEXT
        application/openmetrics-text,text/plain                         | OPENMETRICS
        application/openmetrics-text;q=abc,text/plain;q=0.1             | TEXT
        application/openmetrics-text;q=7,text/plain;q=0.1               | TEXT
        application/vnd.google.protobuf                                 | TEXT
        application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text      | TEXT
        application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited | PROTOBUF
        """)
    void selectsTheFormatWithTheHighestQuality(String accept, Exposition.Format expected) {
        assertThat(Exposition.of(accept).format()).isEqualTo(expected);
    }

    @Test
    void followsTheOrderOfPrometheusHeader() {
        String textFirst = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

        assertThat(Exposition.of(textFirst).contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8");
        assertThat(Exposition.of(PROTOBUF + ";q=0.7," + textFirst).contentType())
                .isEqualTo(
                        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited");
        assertThat(Exposition.of("text/plain;version=1.0.0;escaping=dots;q=0.4,text/plain;version=0.0.4;q=0.3")
                        .contentType())
                .isEqualTo("text/plain; version=1.0.0; charset=utf-8; escaping=dots");
    }

    @Test
    void namesTheEscapingOnlyIfRequested() {
        assertThat(Exposition.of("*/*").contentType()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(Exposition.of("application/openmetrics-text").contentType())
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
    }

    @Test
    void ignoresAnUnknownEscaping() {
        assertThat(Exposition.of("text/plain;escaping=rot13").contentType())
                .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void survivesAHostileHeader() {
        String many = "application/openmetrics-text;q=0.1,".repeat(10_000);
        String quotes = "text/plain;a=\"" + "\\\"".repeat(10_000);

        assertThat(Exposition.of(many).format()).isEqualTo(Exposition.Format.OPENMETRICS);
        assertThat(Exposition.of(quotes).format()).isEqualTo(Exposition.Format.TEXT);
    }

    @Test
    void endsOpenMetricsWithEof() throws IOException {
        MetricRegistry registry = new MetricRegistry(Binding.defaults(MetricsConfig.class));
        registry.counter(Catalogue.CACHE_HITS, "users").increment();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Exposition.of("application/openmetrics-text").write(registry.scrape(), out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("# TYPE lynx_cache_hits counter\n", "lynx_cache_hits_total{cache_name=\"users\"} 1.0\n")
                .endsWith("# EOF\n");
    }
}
