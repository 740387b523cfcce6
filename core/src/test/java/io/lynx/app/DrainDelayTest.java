package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigurationException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrainDelayTest {
    private static final Map<String, String> KUBERNETES = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");

    @ParameterizedTest
    @CsvSource({"30, 5000", "11, 5000", "10, 2500", "5, 1250", "1, 250"})
    void autoLeavesTheDrainItsTime(long timeoutSeconds, long delayMillis) {
        Duration timeout = Duration.ofSeconds(timeoutSeconds);

        assertThat(DrainDelay.AUTO.in(KUBERNETES, timeout)).isEqualTo(Duration.ofMillis(delayMillis));
        assertThat(DrainDelay.AUTO.in(Map.of(), timeout)).isZero();
    }

    @Test
    void warnsIfAutoIsCapped() {
        assertThat(DrainDelay.AUTO.capWarning(KUBERNETES, Duration.ofSeconds(5)))
                .isEqualTo("lynx.shutdown.drain_delay: auto is capped at 1250 ms, a quarter of lynx.shutdown.timeout,"
                        + " since 5000 ms would leave too little for the drain; set lynx.shutdown.timeout to more than"
                        + " 10000 ms");
        assertThat(DrainDelay.AUTO.capWarning(KUBERNETES, Duration.ofSeconds(30)))
                .isNull();
        assertThat(DrainDelay.AUTO.capWarning(Map.of(), Duration.ofSeconds(5))).isNull();
        assertThat(DrainDelay.parse("2s").capWarning(KUBERNETES, Duration.ofSeconds(5)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"15s, 30s", "30s, 30s", "40s, 30s", "500ms, 1s"})
    void refusesADelayThatLeavesTheDrainTooLittle(String delay, String timeout) {
        Application application = Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.shutdown.timeout", timeout)
                .set("lynx.shutdown.drain_delay", delay)
                .build();

        assertThatThrownBy(application::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("leaves too little for the drain; less than half of timeout is allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6m", "soon", "-1s", ""})
    void refusesWhatIsNeitherAutoNorATime(String text) {
        assertThatThrownBy(() -> DrainDelay.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("auto, or a time such as 5s, at most 5m");
    }
}
