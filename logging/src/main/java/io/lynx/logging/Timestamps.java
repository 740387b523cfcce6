package io.lynx.logging;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Writes instants with milliseconds, without the JDK's formatters, which take milliseconds to load at start-up.
 * Stateless.
 */
final class Timestamps {
    private Timestamps() {}

    /** Appends an instant such as {@code 2026-01-01T00:00:00.000Z}. */
    static void utc(Instant instant, StringBuilder out) {
        LocalDateTime time = at(instant, ZoneOffset.UTC);
        date(time, out);
        out.append('T');
        timeOfDay(time, out);
        out.append('Z');
    }

    /** Appends a local date and time such as {@code 2026-01-01 01:00:00.000+01:00}. */
    static void local(Instant instant, ZoneId zone, StringBuilder out) {
        ZoneOffset offset = zone.getRules().getOffset(instant);
        LocalDateTime time = at(instant, offset);
        date(time, out);
        out.append(' ');
        timeOfDay(time, out);
        out.append(offset.getId());
    }

    /** Appends a time of day such as {@code 01:00:00.000}. */
    static void timeOfDay(Instant instant, ZoneId zone, StringBuilder out) {
        timeOfDay(at(instant, zone.getRules().getOffset(instant)), out);
    }

    private static LocalDateTime at(Instant instant, ZoneOffset offset) {
        return LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), offset);
    }

    private static void date(LocalDateTime time, StringBuilder out) {
        digits(time.getYear(), 4, out);
        digits(time.getMonthValue(), 2, out.append('-'));
        digits(time.getDayOfMonth(), 2, out.append('-'));
    }

    private static void timeOfDay(LocalDateTime time, StringBuilder out) {
        digits(time.getHour(), 2, out);
        digits(time.getMinute(), 2, out.append(':'));
        digits(time.getSecond(), 2, out.append(':'));
        digits(time.getNano() / 1_000_000, 3, out.append('.'));
    }

    private static void digits(int number, int width, StringBuilder out) {
        int limit = 10;
        for (int i = 1; i < width; i++) {
            if (number < limit) {
                out.append('0');
            }
            limit *= 10;
        }
        out.append(number);
    }
}
