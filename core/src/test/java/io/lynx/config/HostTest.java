package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "127.0.0.1",
                "::",
                "::1",
                "fe80::1%eth0",
                "::ffff:1.2.3.4",
                "localhost",
                "my-db_1.example.com"
            })
    void acceptsNamesAndAddresses(String name) {
        assertThat(Host.of(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8080", "localhost:80", "[::1]", "[::1]:8080"})
    void refusesAPort(String name) {
        assertThatThrownBy(() -> Host.of(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a host name or an IP address, without a port and without brackets; the port has a key of its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "256.0.0.1", "1.2.3", "12345", "a/b", "*", "1.2.3.4.5"})
    void refusesWhatIsNeither(String name) {
        assertThatThrownBy(() -> Host.of(name)).hasMessageStartingWith("a host name such as localhost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "https://localhost:8080/"})
    void refusesUrls(String name) {
        assertThatThrownBy(() -> Host.of(name)).hasMessage("a host name or an IP address, not a URL");
    }
}
