package io.lynx.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpConfigTest {
    @Test
    void defaultsAreThoseOfTheAnnotations() {
        HttpConfig config = HttpConfig.defaults();

        assertThat(config.maxBodySize().bytes()).isEqualTo(10_000_000);
        assertThat(config.requestTimeout()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aCopyKeepsWhatItDoesNotChange() {
        HttpConfig changed = HttpConfig.defaults().withMaxInFlight(7).withStallTimeout(Duration.ofSeconds(5));

        assertThat(changed.maxInFlight()).isEqualTo(7);
        assertThat(changed.stallTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(changed.withMaxInFlight(10_000).withStallTimeout(Duration.ofSeconds(30)))
                .isEqualTo(HttpConfig.defaults());
    }
}
