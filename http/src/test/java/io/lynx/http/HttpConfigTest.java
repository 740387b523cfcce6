package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
    @Test
    void defaultsAreThoseOfTheAnnotations() {
        HttpConfig config = HttpConfig.defaults();

        assertThat(config.host()).isEqualTo("0.0.0.0");
        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.maxBodySize().bytes()).isEqualTo(10_000_000);
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.tls()).isEmpty();
    }

    @Test
    void aBuilderKeepsWhatItDoesNotChange() {
        TlsConfig tls = TlsConfig.of("server.pem", "server.key").withClientCertificates("clients.pem");
        HttpConfig config = HttpConfig.builder().port(0).tls(tls).build();

        HttpConfig changed = config.toBuilder().maxInFlight(7).build().withHost("127.0.0.1");

        assertThat(changed)
                .isEqualTo(HttpConfig.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .maxInFlight(7)
                        .tls(tls)
                        .build());
    }
}
