package io.lynx.http.client.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When another attempt makes sense, as servers say it. */
class RetryAfterFieldTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-29T03:00:00Z"));

    private static Optional<Duration> delay(String... headers) {
        return RetryAfterField.of(Answer.whole(503, List.of(headers), new byte[0]), CLOCK);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "' 120 ', 120", "00010, 10", "9999999, 9999999", "99999999999999999999, 31536000"})
    void seconds(String text, long expected) {
        assertThat(delay("retry-after", text)).contains(Duration.ofSeconds(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 29 Nov 2026 03:00:10 GMT",
                "Sunday, 29-Nov-26 03:00:10 GMT",
                "Sun Nov 29 03:00:10 2026",
            })
    void dates(String text) {
        assertThat(delay("retry-after", text)).contains(Duration.ofSeconds(10));
    }

    @Test
    void aDateThatHasPassed() {
        assertThat(delay("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")).contains(Duration.ZERO);
        assertThat(delay("retry-after", "Sunday, 06-Nov-94 08:49:37 GMT")).contains(Duration.ZERO);
        assertThat(delay("retry-after", "Sun Nov  6 08:49:37 1994")).contains(Duration.ZERO);
    }

    @Test
    void aDateThatIsFarAway() {
        assertThat(delay("retry-after", "Fri, 29 Nov 2999 03:00:10 GMT")).contains(Duration.ofDays(365));
    }

    @Test
    void theClockOfTheServerIsTheOneThatCounts() {
        // Its clock is an hour ahead.
        assertThat(delay("date", "Sun, 29 Nov 2026 04:00:00 GMT", "retry-after", "Sun, 29 Nov 2026 04:00:05 GMT"))
                .contains(Duration.ofSeconds(5));
        assertThat(delay("date", "nonsense", "retry-after", "Sun, 29 Nov 2026 03:00:05 GMT"))
                .contains(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "soon", "2026-11-29T03:00:10Z", "Xxx, 99 Nov 2026 03:00:10 GMT", "１２"})
    void whatIsNotValid(String text) {
        assertThat(delay("retry-after", text)).isEmpty();
    }

    @Test
    void nothing() {
        assertThat(delay()).isEmpty();
    }
}
