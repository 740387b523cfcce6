package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lynx.health.HealthCheckConfig.Check;
import io.lynx.health.HealthCheckConfig.OverloadTime;
import io.lynx.health.HealthCheckOptions.Criticality;
import io.lynx.health.HealthCheckOptions.Group;
import java.time.Duration;
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
                .isThrownBy(() -> HealthCheckOptions.defaults().withInterval(interval))
                .withMessage("health check interval: " + text + "; allowed is 10ms to 1d");
    }

    @Test
    void refusesDurationsTooLongForAnyClock() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> HealthCheckOptions.defaults().withInterval(Duration.ofSeconds(Long.MAX_VALUE, 1_000_000)))
                .withMessageStartingWith("health check interval: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().withTimeout(Duration.ofSeconds(Long.MIN_VALUE)))
                .withMessageStartingWith("health check timeout: ");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, failure_threshold, 0", "1, 0, success_threshold, 0", "-1, 1, failure_threshold, -1"})
    void refusesAThresholdBelowOne(int failures, int successes, String subject, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckOptions.defaults().withThresholds(failures, successes))
                .withMessage("health check " + subject + ": " + value + "; allowed is 1 to 1000 consecutive results");
    }

    @Test
    void namesTheKeyOfASettingOutOfRange() {
        Check bad = Check.defaults().withTimes(null, Duration.ofMillis(-1500));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> HealthCheckConfig.defaults().withCheck("mysql", bad))
                .withMessage("lynx.health_check.checks.mysql.timeout: -1500ms; allowed is 1ms to 1h");
    }

    @Test
    void changesOneThingAtATime() {
        HealthCheckOptions options = HealthCheckOptions.defaults()
                .withGroups(Group.LIVENESS)
                .internal()
                .withInterval(Duration.ofSeconds(1))
                .withTimeout(Duration.ofSeconds(2))
                .withThresholds(4, 5);

        assertThat(options.isInternal()).isTrue();
        assertThat(options.groups()).containsExactly(Group.LIVENESS);
        assertThat(options.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.failureThreshold()).isEqualTo(4);
        assertThat(options.successThreshold()).isEqualTo(5);
        assertThat(HealthCheckOptions.defaults().isInternal()).isFalse();
    }

    @Test
    void isDegradingUnlessInternalOrSet() {
        HealthCheckOptions options = HealthCheckOptions.defaults();

        assertThat(options.effectiveCriticality()).isEqualTo(Criticality.DEGRADING);
        assertThat(options.internal().effectiveCriticality()).isEqualTo(Criticality.CRITICAL);
        assertThat(options.withCriticality(Criticality.CRITICAL).effectiveCriticality())
                .isEqualTo(Criticality.CRITICAL);
        assertThat(options.withCriticality(Criticality.INFO).internal().effectiveCriticality())
                .isEqualTo(Criticality.INFO);
    }

    @Test
    void readsTheTimeOfAnOverload() {
        assertThat(OverloadTime.parse("off")).isEqualTo(OverloadTime.OFF);
        assertThat(OverloadTime.parse("30s").orNull()).isEqualTo(Duration.ofSeconds(30));
        assertThat(HealthCheckConfig.defaults().overloadAfter()).isEqualTo(OverloadTime.OFF);
        for (String bad : new String[] {"999ms", "601s", "-1s", "soon", ""}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> OverloadTime.parse(bad))
                    .withMessage("'off', or a duration from 1s to 10m");
        }
    }
}
