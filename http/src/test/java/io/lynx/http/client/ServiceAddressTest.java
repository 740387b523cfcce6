package io.lynx.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as text. */
class ServiceAddressTest {
    @Test
    void readsHostsAndPorts() {
        assertThat(ServiceAddress.parse("10.0.0.1:80")).isEqualTo(new ServiceAddress("10.0.0.1", 80, ""));
        assertThat(ServiceAddress.parse("[::1]:8080")).isEqualTo(new ServiceAddress("::1", 8080, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", ":80", "a:", "a:0", "a:65536", "a:x", "::1:80", "http://a:80"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> ServiceAddress.parse(text)).hasMessageContaining("host:port, such as");
    }
}
