package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSettings.CheckSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthCheckOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S, -5s",
        "PT0S, 0s",
        "PT0.009S, 9ms",
        "PT24H1S, 86401s",
        "PT0.0000001S, PT0.0000001S",
        "PT-0.0015S, PT-0.0015S"
    })
    void refusesAnIntervalOutOfRange(Duration interval, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().interval(interval))
                .withMessage("health check interval: " + text + "; 10ms to 1d");
    }

    @Test
    void refusesDurationsTooLongForAnyClock() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().interval(Duration.ofSeconds(Long.MAX_VALUE, 1_000_000)))
                .withMessageStartingWith("health check interval: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().timeout(Duration.ofSeconds(Long.MIN_VALUE)))
                .withMessageStartingWith("health check timeout: ");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, failure_threshold, 0", "1, 0, success_threshold, 0", "-1, 1, failure_threshold, -1"})
    void refusesAThresholdBelowOne(int failures, int successes, String subject, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().thresholds(failures, successes))
                .withMessage("health check " + subject + ": " + value + "; 1 to 1000 results in a row");
    }

    @Test
    void namesTheKeyOfASettingOutOfRange() {
        CheckSettings bad = new CheckSettings(null, null, Duration.ofMillis(-1500), null, null, null, null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HealthSettings(
                        true, Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 1, Map.of("mysql", bad)))
                .withMessage("lynx.health_check.checks.mysql.timeout: -1500ms; 1ms to 1h");
    }

    @Test
    void changesOneThingAtATime() {
        HealthCheckOptions options = HealthCheckOptions.defaults()
                .groups(Group.LIVENESS)
                .internal()
                .interval(Duration.ofSeconds(1))
                .timeout(Duration.ofSeconds(2))
                .thresholds(4, 5);

        assertThat(options.isInternal()).isTrue();
        assertThat(options.groups()).containsExactly(Group.LIVENESS);
        assertThat(options.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.failureThreshold()).isEqualTo(4);
        assertThat(options.successThreshold()).isEqualTo(5);
        assertThat(HealthCheckOptions.defaults().isInternal()).isFalse();
    }
}
