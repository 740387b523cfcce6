package io.lynx.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *        | 2026-01-01T00:00:30Z | 2026-01-01T00:01:00Z",
                "*/15 * * * *     | 2026-01-01T00:15:00Z | 2026-01-01T00:30:00Z",
                "0 3 * * *        | 2026-01-01T03:00:00Z | 2026-01-02T03:00:00Z",
                "30 8-10 * * *    | 2026-01-01T10:30:00Z | 2026-01-02T08:30:00Z",
                "0 0 1 jan *      | 2026-01-01T00:00:00Z | 2027-01-01T00:00:00Z",
                "0 12 * * mon-fri | 2026-01-02T12:00:00Z | 2026-01-05T12:00:00Z",
                "0 0 * * 7        | 2026-01-01T00:00:00Z | 2026-01-04T00:00:00Z",
                "0 0 13 * fri     | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z",
                "0 0 29 2 *       | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z",
                "5/20 * * * *     | 2026-01-01T00:05:00Z | 2026-01-01T00:25:00Z",
                "1,2,5-7 0 * * *  | 2026-01-01T00:02:00Z | 2026-01-01T00:05:00Z",
            })
    void cronFindsTheNextTime(String expression, Instant now, Instant next) {
        assertThat(Schedule.cron(expression).nextAfter(now)).isEqualTo(next);
    }

    @Test
    void cronFollowsItsZoneThroughTheChangesToAndFromSummerTime() {
        Schedule nightly = Schedule.cron("30 2 * * *").withZone("Europe/Berlin");

        assertThat(nightly.nextAfter(Instant.parse("2026-03-28T12:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(nightly.nextAfter(Instant.parse("2026-10-24T12:00:00Z")))
                .isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
        assertThat(nightly.nextAfter(Instant.parse("2026-10-25T00:30:00Z")))
                .isEqualTo(Instant.parse("2026-10-26T01:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "a * * * *",
                "5-1 * * * *",
                "*/0 * * * *",
                "1-2-3 * * * *",
                "1//2 * * * *",
                ", * * * *",
                "-1 * * * *"
            })
    void refusesMalformedExpressions(String expression) {
        assertThatThrownBy(() -> Schedule.cron(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cron expression: '" + expression.strip() + "'");
    }

    @Test
    void refusesAnExpressionThatNeverMatches() {
        assertThatThrownBy(() -> Schedule.cron("0 0 31 2 *"))
                .hasMessage("cron expression: '0 0 31 2 *' matches no day of any year");
    }

    @Test
    void fixedRateKeepsToTheMultiplesOfItsPeriod() {
        Schedule schedule = Schedule.fixedRate(Duration.ofSeconds(10));

        assertThat(schedule.delayAfter(Duration.ZERO)).isEqualTo(Duration.ofSeconds(10));
        assertThat(schedule.delayAfter(Duration.ofSeconds(45))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void refusesDurationsAndZonesThatAreOutOfRange() {
        assertThatThrownBy(() -> Schedule.every(Duration.ZERO)).hasMessage("schedule: PT0S; from PT0.001S to PT8784H");
        assertThatThrownBy(() -> Schedule.every(Duration.ofDays(109_500))).hasMessageContaining("schedule: PT2628000H");
        assertThatThrownBy(() -> Schedule.cron("* * * * *").withZone("Mars/North"))
                .hasMessageContaining("schedule zone: 'Mars/North' is unknown");
        assertThatThrownBy(() -> Schedule.every(Duration.ofSeconds(1)).withZone("UTC"))
                .hasMessageContaining("only a cron schedule has one");
        assertThatThrownBy(() -> Schedule.every(Duration.ofSeconds(1)).withJitter(Duration.ofSeconds(-1)))
                .hasMessageContaining("schedule jitter: PT-1S");
    }
}
