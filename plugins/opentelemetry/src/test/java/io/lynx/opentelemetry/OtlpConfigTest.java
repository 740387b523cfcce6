package io.lynx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OtlpConfigTest {
    @ParameterizedTest
    @CsvSource({
        "http://collector:4318, http://collector:4318/v1/metrics",
        "http://collector:4318/, http://collector:4318/v1/metrics",
        "https://collector/otlp, https://collector/otlp/v1/metrics",
        "http://collector:4318/v1/metrics, http://collector:4318/v1/metrics",
        "HTTP://[::1]:4318, HTTP://[::1]:4318/v1/metrics",
    })
    void pushesToTheMetricsOfAnEndpoint(String endpoint, String address) {
        assertThat(config(endpoint, Map.of()).address()).isEqualTo(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "grpc://collector:4317",
                "/v1/metrics",
                "http:///v1",
                "http://user:secret@collector",
                "http://collector?x=1",
                "http://collector:0",
                "http://collector:99999"
            })
    void refusesAnInvalidEndpoint(String endpoint) {
        assertThatThrownBy(() -> config(endpoint, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint: '")
                .hasMessageEndingWith("'; write http:// or https:// with a host, optionally a port and a path,"
                        + " such as http://collector:4318");
    }

    @Test
    void refusesHeadersThatCannotBeSent() {
        assertThatThrownBy(() -> config("http://collector", Map.of("bad name", "x")))
                .hasMessage("headers: 'bad name'; not a valid name, or one that the client sets itself");
        assertThatThrownBy(() -> config("http://collector", Map.of("Host", "x")))
                .hasMessage("headers: 'Host'; not a valid name, or one that the client sets itself");
        assertThatThrownBy(() -> config("http://collector", Map.of("token", "a\r\nb")))
                .hasMessage("headers: the value of 'token'; write printable ASCII");
    }

    @Test
    void supportsOneProtocol() {
        assertThat(OtlpConfig.Protocol.parse("http/protobuf")).isEqualTo(OtlpConfig.Protocol.HTTP_PROTOBUF);
        assertThatThrownBy(() -> OtlpConfig.Protocol.parse("grpc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("only http/protobuf is supported");
    }

    @Test
    void neverShowsItsHeaders() {
        assertThat(config("http://collector", Map.of("token", "s3cret")).toString())
                .doesNotContain("s3cret");
    }

    private static OtlpConfig config(String endpoint, Map<String, String> headers) {
        return new OtlpConfig(
                true,
                URI.create(endpoint),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                headers,
                OtlpConfig.Protocol.HTTP_PROTOBUF,
                OtlpConfig.Compression.GZIP,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
