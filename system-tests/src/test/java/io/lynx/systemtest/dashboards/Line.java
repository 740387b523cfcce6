package io.lynx.systemtest.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.prometheus.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One series of a query over a time.
 *
 * @param name as the legend says it
 * @param labels of the series
 * @param points ascending by time
 */
record Line(String name, Map<String, String> labels, List<Point> points) {
    private static final Pattern LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

    /**
     * A value.
     *
     * @param at seconds since 1970
     */
    record Point(double at, double value) {}

    /** The series of the answer to a range query. */
    static List<Line> of(JsonNode answer, String legend) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode series : answer.path("result")) {
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            List<Point> points = new ArrayList<>();
            for (JsonNode pair : series.path("values")) {
                points.add(new Point(
                        pair.path(0).asDouble(), Sample.number(pair.path(1).asText())));
            }
            lines.add(new Line(name(legend, labels), labels, points));
        }
        return lines;
    }

    private static String name(String legend, Map<String, String> labels) {
        if (legend.isEmpty() || legend.equals("__auto")) {
            return labels.toString();
        }
        Matcher label = LABEL.matcher(legend);
        return label.replaceAll(found -> Matcher.quoteReplacement(labels.getOrDefault(found.group(1), "")));
    }

    /** The newest value that is a number; NaN if there is none. */
    double last() {
        return points.reversed().stream()
                .mapToDouble(Point::value)
                .filter(value -> !Double.isNaN(value))
                .findFirst()
                .orElse(Double.NaN);
    }
}
