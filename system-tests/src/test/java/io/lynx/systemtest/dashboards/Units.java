package io.lynx.systemtest.dashboards;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values in the units of Grafana, as a person reads them. */
final class Units {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Units() {}

    /** {@code value} with its unit; a unit that is not known is put behind it. */
    static String format(String unit, double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+∞" : "−∞";
        }
        return switch (unit) {
            case "", "none", "short" -> scaled(value, 1000, "", " K", " Mil", " Bil");
            case "s", "dtdurations" -> seconds(value);
            case "ms" -> seconds(value / 1e3);
            case "bytes", "decbytes" -> scaled(value, 1024, " B", " KiB", " MiB", " GiB");
            case "Bps", "binBps" -> scaled(value, 1024, " B/s", " KiB/s", " MiB/s", " GiB/s");
            case "percentunit" -> number(value * 100) + " %";
            case "percent" -> number(value) + " %";
            case "dateTimeAsIso", "dateTimeFromNow" -> TIME.format(Instant.ofEpochMilli((long) value));
            case "reqps" -> number(value) + " req/s";
            case "ops", "cps", "eps" -> number(value) + "/s";
            default -> number(value) + " " + unit;
        };
    }

    private static String seconds(double value) {
        double size = Math.abs(value);
        if (size == 0) {
            return "0 s";
        }
        if (size < 1e-3) {
            return number(value * 1e6) + " µs";
        }
        if (size < 1) {
            return number(value * 1e3) + " ms";
        }
        if (size < 120) {
            return number(value) + " s";
        }
        return size < 7200 ? number(value / 60) + " min" : number(value / 3600) + " h";
    }

    private static String scaled(double value, int step, String... units) {
        double rest = value;
        int unit = 0;
        while (Math.abs(rest) >= step && unit < units.length - 1) {
            rest /= step;
            unit++;
        }
        return number(rest) + units[unit];
    }

    /** Three digits that matter, and no zeros behind them. */
    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.valueOf((long) value);
        }
        double size = Math.abs(value);
        int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
