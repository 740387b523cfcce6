package io.lynx.http.client.engine.call;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/**
 * The header {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date. A date is compared with the one of the same answer, so
 * that it does not matter whether the clocks of the two machines agree; with our clock if the answer has none. Stateless.
 */
public final class RetryAfterField {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MOST_DIGITS = 7;
    private static final int CENTURY_AHEAD = 50;

    private RetryAfterField() {}

    /** Returns how long to wait from the answer on; empty if it does not say so, or not in a valid form. */
    public static Optional<Duration> of(Answer answer, InstantSource clock) {
        return answer.header("retry-after")
                .map(String::trim)
                .flatMap(value -> isNumber(value)
                        ? Optional.of(seconds(value))
                        : date(value, clock.instant()).map(date -> until(date, answer, clock.instant())));
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Duration seconds(String digits) {
        return digits.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Duration until(Instant date, Answer answer, Instant now) {
        Instant sent =
                answer.header("date").flatMap(value -> date(value.trim(), now)).orElse(now);
        Duration wait = Duration.between(sent, date);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    /** Reads a date in one of the three forms that HTTP has had (RFC 9110, 5.6.7). */
    private static Optional<Instant> date(String text, Instant now) {
        return parsed(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                .or(() -> parsed(text, rfc850(now)))
                .or(() -> parsed(
                        text,
                        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US)
                                .withZone(ZoneOffset.UTC)));
    }

    /** A date with two digits of the year, which is never more than 50 years ahead. */
    private static DateTimeFormatter rfc850(Instant now) {
        LocalDate earliest = LocalDate.ofInstant(now, ZoneOffset.UTC).minusYears(100 - CENTURY_AHEAD);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US)
                .withZone(ZoneOffset.UTC);
    }

    private static Optional<Instant> parsed(String text, DateTimeFormatter form) {
        try {
            return Optional.of(form.parse(text, Instant::from));
        } catch (DateTimeParseException other) {
            return Optional.empty();
        }
    }
}
