package io.lynx.http.engine.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times in headers (RFC 9110, 5.6.7). */
final class HttpTime {
    private static final int LONGEST = 40;

    private static final DateTimeFormatter FIXED = formatter("EEE, dd MMM yyyy HH:mm:ss 'GMT'");

    /** Two digits of a year stand for one from 1970 on. */
    private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US)
            .withZone(ZoneOffset.UTC);

    /** What recipients must accept: the usual format, that of RFC 850, and that of C's asctime. */
    private static final List<DateTimeFormatter> ACCEPTED =
            List.of(FIXED, RFC_850, formatter("EEE MMM ppd HH:mm:ss yyyy"));

    private HttpTime() {}

    static String format(Instant time) {
        return FIXED.format(time);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(ZoneOffset.UTC);
    }

    /** Returns the time; null if {@code text} is not one. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return null;
        }
        for (DateTimeFormatter format : ACCEPTED) {
            try {
                return ZonedDateTime.parse(text.trim(), format).toInstant();
            } catch (DateTimeException anotherFormat) {
                // The next one is tried.
            }
        }
        return null;
    }
}
