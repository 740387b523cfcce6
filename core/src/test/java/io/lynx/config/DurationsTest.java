package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "30s, PT30S",
        "5m, PT5M",
        "1h, PT1H",
        "1d, PT24H",
        "1h30m, PT1H30M",
        "1m30s500ms, PT1M30.5S",
        "1.5s, PT1.5S",
        "0.5h, PT30M",
        "10us, PT0.00001S",
        "10µs, PT0.00001S",
        "7ns, PT0.000000007S",
        "0, PT0S",
        "0s, PT0S",
        "PT30S, PT30S",
        "pt1h, PT1H",
        "P1D, PT24H",
    })
    void reads(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "30",
                "s",
                "30 s",
                "30S",
                "-5s",
                "+5s",
                "1.s",
                ".5s",
                "1..5s",
                "30s1m",
                "1s1s",
                "5m30",
                "PT-1S",
                "P",
                "-PT1S",
                "1e3s",
                "99999999999999s",
                "999999999999999999999d",
                "３０s",
                "infinity",
                "30sec",
                "999999999999d999999999999d"
            })
    void refuses(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }
}
