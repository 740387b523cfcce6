package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigSources;
import io.lynx.config.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceSettingsTest {
    private static final ConfigSection<OpenTelemetryConfig> SECTION =
            ConfigSection.of("lynx.opentelemetry", OpenTelemetryConfig.class);

    private final List<String> unusable = new ArrayList<>();

    private static OpenTelemetryConfig config(String... keysAndValues) {
        ConfigSources sources = ConfigSources.none();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            sources.value("lynx.opentelemetry." + keysAndValues[i], keysAndValues[i + 1], "test");
        }
        return sources.load().bind(SECTION).get(SECTION);
    }

    private Optional<TraceSettings> settings(String... keysAndValues) {
        OpenTelemetryConfig config = config(keysAndValues);
        return TraceSettings.of(config.traces(), config.standard(), new VariableReader(unusable::add));
    }

    private TraceSettings present(String... keysAndValues) {
        return settings(keysAndValues).orElseThrow();
    }

    @Test
    void recordsNothingUntilAnEndpointIsSet() {
        assertThat(settings()).isEmpty();
        assertThat(settings("traces.ratio", "0.5", "standard.traces_sampler", "always_on"))
                .isEmpty();
        assertThat(settings("otlp.endpoint", "http://collector:4318")).isEmpty();
        assertThat(settings("traces.endpoint", "http://collector:4318")).isPresent();
        assertThat(settings("standard.endpoint", "http://collector:4318")).isPresent();
        assertThat(settings("standard.traces_endpoint", "http://collector:4318/v1/traces"))
                .isPresent();
        assertThat(unusable).isEmpty();
    }

    @Test
    void hasDefaults() {
        TraceSettings settings = present("traces.endpoint", "http://collector:4318");

        assertThat(settings.target().address()).isEqualTo(URI.create("http://collector:4318/v1/traces"));
        assertThat(settings.target().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.target().headers()).isEmpty();
        assertThat(settings.target().compression()).isEqualTo(OtlpConfig.Compression.GZIP);
        assertThat(settings.sampling()).isEqualTo("parentbased_traceidratio 1.0");
        assertThat(settings.queueSize()).isEqualTo(8192);
        assertThat(settings.batchSize()).isEqualTo(2048);
        assertThat(settings.delay()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void theBatchIsAQuarterOfASmallQueue() {
        TraceSettings settings = present("traces.endpoint", "http://collector:4318", "traces.queue_size", "1000");

        assertThat(settings.queueSize()).isEqualTo(1000);
        assertThat(settings.batchSize()).isEqualTo(250);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4318, NONE",
        "http://LOCALHOST:4318, NONE",
        "http://127.0.0.1:4318, NONE",
        "http://[::1]:4318, NONE",
        "http://10.0.0.1:4318, GZIP",
        "http://[2001:db8::1]:4318, GZIP",
        "http://collector:4318, GZIP",
        "http://localhost.example.com:4318, GZIP",
    })
    void compressesUnlessTheCollectorIsOnThisHost(String endpoint, OtlpConfig.Compression expected) {
        TraceSettings settings = present("traces.endpoint", endpoint);

        assertThat(settings.target().compression()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "traces.endpoint, http://collector:4318, http://collector:4318/v1/traces",
        "traces.endpoint, http://collector:4318/, http://collector:4318/v1/traces",
        "traces.endpoint, https://collector/otlp/v1/traces, https://collector/otlp/v1/traces",
        "standard.endpoint, http://collector:4318, http://collector:4318/v1/traces",
        "standard.endpoint, http://collector:4318/otlp/, http://collector:4318/otlp/v1/traces",
        "standard.traces_endpoint, http://collector:4318/spans, http://collector:4318/spans",
    })
    void addsThePathOfTheSignalToASharedEndpoint(String key, String value, String address) {
        assertThat(present(key, value).target().address()).isEqualTo(URI.create(address));
    }

    @Test
    void aKeyWinsOverTheVariableForSpansWhichWinsOverTheGeneralOne() {
        String[] general = {
            "standard.endpoint", "http://general:4318",
            "standard.headers", "from=general",
            "standard.compression", "none",
            "standard.timeout", "1000"
        };
        TraceSettings first = present(general);
        assertThat(first.target().address()).isEqualTo(URI.create("http://general:4318/v1/traces"));
        assertThat(first.target().headers()).isEqualTo(Map.of("from", "general"));
        assertThat(first.target().compression()).isEqualTo(OtlpConfig.Compression.NONE);
        assertThat(first.target().timeout()).isEqualTo(Duration.ofSeconds(1));

        List<String> more = new ArrayList<>(List.of(general));
        more.addAll(List.of(
                "standard.traces_endpoint", "http://spans:4318/x",
                "standard.traces_headers", "from=spans,token=a%20b+c",
                "standard.traces_compression", "gzip",
                "standard.traces_timeout", "2000",
                "standard.export_timeout", "5",
                "standard.traces_sampler", "always_off",
                "standard.traces_sampler_arg", "0.25",
                "standard.queue_size", "100",
                "standard.batch_size", "200",
                "standard.schedule_delay", "500"));
        TraceSettings second = present(more.toArray(String[]::new));
        assertThat(second.target().address()).isEqualTo(URI.create("http://spans:4318/x"));
        assertThat(second.target().headers()).isEqualTo(Map.of("from", "spans", "token", "a b+c"));
        assertThat(second.target().compression()).isEqualTo(OtlpConfig.Compression.GZIP);
        assertThat(second.target().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(second.sampling()).isEqualTo("always_off 0.25");
        assertThat(second.queueSize()).isEqualTo(100);
        assertThat(second.batchSize()).isEqualTo(100);
        assertThat(second.delay()).isEqualTo(Duration.ofMillis(500));

        more.addAll(List.of(
                "traces.endpoint", "http://key:4318",
                "traces.headers.from", "key",
                "traces.compression", "none",
                "traces.timeout", "3s",
                "traces.sampler", "traceidratio",
                "traces.ratio", "0.5",
                "traces.queue_size", "5000",
                "traces.batch_size", "1000",
                "traces.delay", "1s"));
        TraceSettings third = present(more.toArray(String[]::new));
        assertThat(third.target().address()).isEqualTo(URI.create("http://key:4318/v1/traces"));
        assertThat(third.target().headers()).isEqualTo(Map.of("from", "key"));
        assertThat(third.target().compression()).isEqualTo(OtlpConfig.Compression.NONE);
        assertThat(third.target().timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(third.sampling()).isEqualTo("traceidratio 0.5");
        assertThat(third.queueSize()).isEqualTo(5000);
        assertThat(third.batchSize()).isEqualTo(1000);
        assertThat(third.delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(unusable).isEmpty();
    }

    @Test
    void variablesSwitchTracesOffUnlessTheKeyIsSet() {
        for (String[] off : new String[][] {
            {"standard.sdk_disabled", "TRUE"},
            {"standard.traces_exporter", "none"},
            {"traces.enabled", "false"}
        }) {
            assertThat(settings("traces.endpoint", "http://collector:4318", off[0], off[1]))
                    .isEmpty();
        }
        assertThat(settings(
                        "traces.enabled",
                        "true",
                        "traces.endpoint",
                        "http://collector:4318",
                        "standard.sdk_disabled",
                        "true",
                        "standard.traces_exporter",
                        "none"))
                .isPresent();
        assertThat(settings("traces.endpoint", "http://collector:4318", "standard.traces_exporter", "console, otlp"))
                .isPresent();
        assertThat(unusable).isEmpty();

        assertThat(settings("traces.endpoint", "http://collector:4318", "standard.traces_exporter", "zipkin"))
                .isEmpty();
        assertThat(unusable).singleElement().asString().startsWith("OTEL_TRACES_EXPORTER: [zipkin] is not used");
    }

    @Test
    void anEndpointOfAnotherProtocolIsNotUsed() {
        assertThat(settings("standard.endpoint", "http://collector:4317", "standard.protocol", "grpc"))
                .isEmpty();
        assertThat(unusable)
                .containsExactly("OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' is not supported, so no spans are recorded; set"
                        + " http/protobuf and the collector's port for it, usually 4318");
        assertThat(settings("traces.endpoint", "http://collector:4318", "standard.protocol", "grpc"))
                .isPresent();
        assertThat(settings(
                        "standard.endpoint",
                        "http://collector:4318",
                        "standard.protocol",
                        "grpc",
                        "standard.traces_protocol",
                        "http/protobuf"))
                .isPresent();
    }

    @Test
    void valuesOfVariablesThatCannotBeUsedAreReportedAndNotUsed() {
        TraceSettings settings = present(
                "traces.endpoint",
                "http://collector:4318",
                "standard.traces_headers",
                "s3cret",
                "standard.traces_timeout",
                "soon",
                "standard.traces_compression",
                "zip",
                "standard.traces_sampler",
                "jaeger_remote",
                "standard.traces_sampler_arg",
                "NaN",
                "standard.queue_size",
                "1",
                "standard.batch_size",
                "-1",
                "standard.schedule_delay",
                "99999999999999999999");

        assertThat(settings.sampling()).isEqualTo("parentbased_traceidratio 1.0");
        assertThat(settings.queueSize()).isEqualTo(8192);
        assertThat(settings.delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(unusable)
                .contains(
                        "OTEL_EXPORTER_OTLP_TRACES_HEADERS: not used; write name=value, separated by commas",
                        "OTEL_TRACES_SAMPLER_ARG: 'NaN' is not used; a number from 0 to 1 is allowed",
                        "OTEL_BSP_MAX_QUEUE_SIZE: '1' is not used; a number from 64 to 1000000 is allowed")
                .hasSize(8)
                .noneMatch(line -> line.contains("s3cret"));
        unusable.clear();
        assertThat(settings("standard.endpoint", "collector:4318")).isEmpty();
        assertThat(unusable).singleElement().asString().startsWith("OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318'");
    }

    @Test
    void tracesThatAreEnabledNeedAnEndpoint() {
        ConfigurationException refused =
                catchThrowableOfType(ConfigurationException.class, () -> config("traces.enabled", "true"));

        assertThat(refused)
                .hasMessageContaining(
                        "traces.enabled: true without a collector; set traces.endpoint, such as http://collector:4318");
    }

    @Test
    void secretsAreNotShown() {
        OpenTelemetryConfig config = config(
                "traces.headers.token",
                "s3cret",
                "standard.headers",
                "a=s3cret",
                "standard.traces_headers",
                "b=s3cret");

        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void reportsAFileOfAVariableThatCannotBeUsed() {
        assertThat(settings(
                        "traces.endpoint", "https://collector:4318", "standard.certificate_file", "/nowhere/ca.pem"))
                .isEmpty();
        assertThat(settings("traces.endpoint", "https://collector:4318", "standard.certificate_file", " "))
                .isPresent();

        assertThat(unusable)
                .containsExactly(
                        "OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere/ca.pem' cannot be read: NoSuchFileException;"
                                + " name a PEM file; no spans are recorded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tracecontext,baggage | true",
                "baggage, TraceContext | true",
                "tracecontext | false",
                "b3 | false",
                "tracecontext,baggage,b3multi | false",
                "none | false",
                "'' | false",
            })
    void reportsFormatsOfTheContextThatAreNotUsed(String value, boolean isUsed) {
        new VariableReader(unusable::add).checkPropagators(Optional.of(value));

        assertThat(unusable).hasSize(isUsed ? 0 : 1);
        assertThat(unusable).allMatch(line -> line.startsWith("OTEL_PROPAGATORS: '" + value + "' is not used"));
    }
}
