package io.lynx.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * Durations in the form that people write: {@code 250ms}, {@code 30s}, {@code 1h30m}, {@code 1.5s}, or ISO-8601. The
 * units are {@code ns}, {@code us}, {@code ms}, {@code s}, {@code m}, {@code h} and {@code d}, the largest first.
 * Thread-safe.
 */
public final class Durations {
    private static final int MAX_DIGITS = 12;
    private static final long SECOND = 1_000_000_000;

    private Durations() {}

    /**
     * Parses a duration of zero or more. Only zero needs no unit.
     *
     * @throws IllegalArgumentException if {@code text} is not such a duration
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        try {
            return text.startsWith("P") || text.startsWith("p") ? parseIso(text) : parseUnits(text);
        } catch (ArithmeticException tooLong) {
            throw new IllegalArgumentException(text, tooLong);
        }
    }

    private static Duration parseUnits(String text) {
        Duration sum = Duration.ZERO;
        long largestLeft = Long.MAX_VALUE;
        int at = 0;
        do {
            int unitStart = skipNumber(text, at);
            int unitEnd = unitStart;
            while (unitEnd < text.length() && Character.isLetter(text.charAt(unitEnd))) {
                unitEnd++;
            }
            long unit = nanosOf(text.substring(unitStart, unitEnd));
            if (unit >= largestLeft) {
                throw new IllegalArgumentException(text);
            }
            largestLeft = unit;
            sum = sum.plus(times(text.substring(at, unitStart), unit));
            at = unitEnd;
        } while (at < text.length());
        return sum;
    }

    private static Duration parseIso(String text) {
        try {
            Duration duration = Duration.parse(text);
            if (duration.isNegative()) {
                throw new IllegalArgumentException(text);
            }
            return duration;
        } catch (DateTimeParseException notIso) {
            throw new IllegalArgumentException(text, notIso);
        }
    }

    private static int skipNumber(String text, int from) {
        int at = from;
        while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> throw new IllegalArgumentException(unit);
        };
    }

    private static Duration times(String number, long unit) {
        int point = number.indexOf('.');
        String whole = point < 0 ? number : number.substring(0, point);
        String fraction = point < 0 ? "" : number.substring(point + 1);
        if (whole.isEmpty()
                || whole.length() > MAX_DIGITS
                || (point >= 0 && (fraction.isEmpty() || fraction.length() > MAX_DIGITS))
                || fraction.indexOf('.') >= 0) {
            throw new IllegalArgumentException(number);
        }
        long count = Long.parseLong(whole);
        // Duration's own multiplication would load big decimals at the start.
        Duration duration = unit < SECOND
                ? Duration.ofSeconds(count / (SECOND / unit), count % (SECOND / unit) * unit)
                : Duration.ofSeconds(count * (unit / SECOND));
        long parts = unit;
        long rest = 0;
        for (int i = 0; i < fraction.length(); i++) {
            parts /= 10;
            rest += parts * (fraction.charAt(i) - '0');
        }
        return duration.plusNanos(rest);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
