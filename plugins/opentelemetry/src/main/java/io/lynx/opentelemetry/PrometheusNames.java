package io.lynx.opentelemetry;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Converts names of OpenTelemetry to names of Prometheus. Stateless.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/">Prometheus and
 *     OpenMetrics compatibility, in OpenTelemetry's specification</a>
 */
final class PrometheusNames {
    private static final Pattern FOREIGN = Pattern.compile("[^a-zA-Z0-9]+");
    private static final Pattern ANNOTATION = Pattern.compile("\\{[^}]*}");
    private static final String RATIO = "1";

    /** The words for UCUM units. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("d", "days"),
            Map.entry("h", "hours"),
            Map.entry("min", "minutes"),
            Map.entry("s", "seconds"),
            Map.entry("ms", "milliseconds"),
            Map.entry("us", "microseconds"),
            Map.entry("ns", "nanoseconds"),
            Map.entry("By", "bytes"),
            Map.entry("KiBy", "kibibytes"),
            Map.entry("MiBy", "mebibytes"),
            Map.entry("GiBy", "gibibytes"),
            Map.entry("TiBy", "tibibytes"),
            Map.entry("kBy", "kilobytes"),
            Map.entry("KBy", "kilobytes"),
            Map.entry("MBy", "megabytes"),
            Map.entry("GBy", "gigabytes"),
            Map.entry("TBy", "terabytes"),
            Map.entry("m", "meters"),
            Map.entry("V", "volts"),
            Map.entry("A", "amperes"),
            Map.entry("J", "joules"),
            Map.entry("W", "watts"),
            Map.entry("g", "grams"),
            Map.entry("Cel", "celsius"),
            Map.entry("Hz", "hertz"),
            Map.entry("%", "percent"));

    /** The words for units in a denominator, where they differ. */
    private static final Map<String, String> PER = Map.of(
            "s", "second", "m", "minute", "min", "minute", "h", "hour", "d", "day", "w", "week", "mo", "month", "y",
            "year");

    private PrometheusNames() {}

    /**
     * Returns the name of a family, without the {@code _total} of a counter.
     *
     * @param isGauge whether a number without a unit is a ratio
     */
    static String family(String instrument, String unit, boolean isGauge) {
        String name = joined(instrument);
        name = name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
        name = name.isEmpty() || Character.isDigit(name.charAt(0)) ? "_" + name : name;
        String word = unit.equals(RATIO) ? (isGauge ? "ratio" : "") : word(unit);
        return word.isEmpty() || name.endsWith("_" + word) || name.equals(word) ? name : name + "_" + word;
    }

    /** Returns the name of a label, which is never one that Prometheus reserves. */
    static String label(String attribute) {
        String name = joined(attribute);
        if (name.isEmpty() || name.equals("_")) {
            return "attribute";
        }
        return switch (name) {
            case "le", "quantile" -> "exported_" + name;
            default -> Character.isDigit(name.charAt(0)) ? "key_" + name : name;
        };
    }

    private static String word(String unit) {
        String bare = ANNOTATION.matcher(unit).replaceAll("");
        int slash = bare.indexOf('/');
        if (slash < 0) {
            return joined(WORDS.getOrDefault(bare, bare));
        }
        String over = bare.substring(slash + 1);
        String above = bare.substring(0, slash);
        String first = joined(WORDS.getOrDefault(above, above));
        String second = joined(PER.getOrDefault(over, WORDS.getOrDefault(over, over)));
        if (second.isEmpty()) {
            return first;
        }
        return first.isEmpty() ? "per_" + second : first + "_per_" + second;
    }

    /** Keeps letters and digits, and replaces each sequence of other characters between them by one underscore. */
    private static String joined(String name) {
        String all = FOREIGN.matcher(name).replaceAll("_");
        return all.length() > 1 && all.endsWith("_") ? all.substring(0, all.length() - 1) : all;
    }
}
