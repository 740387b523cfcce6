package io.lynx.systemtest.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One series of an answer, and its newest value.
 *
 * @param labels with the name of the metric, if it still has one, as {@code __name__}
 * @param value may be NaN
 */
public record Sample(Map<String, String> labels, double value) {
    /** Copies the labels. */
    public Sample {
        labels = Map.copyOf(labels);
    }

    /** The value of a label. */
    public Optional<String> label(String name) {
        return Optional.ofNullable(labels.get(name));
    }

    /** The samples in the {@code data} of an instant or range query. */
    static List<Sample> of(JsonNode data) {
        List<Sample> samples = new ArrayList<>();
        JsonNode result = data.path("result");
        switch (data.path("resultType").asText()) {
            case "scalar", "string" -> samples.add(new Sample(Map.of(), value(result)));
            case "vector" -> result.forEach(one -> samples.add(new Sample(labels(one), value(one.path("value")))));
            case "matrix" ->
                result.forEach(one -> samples.add(new Sample(
                        labels(one),
                        value(one.path("values").path(one.path("values").size() - 1)))));
            default -> throw new AssertionError("not the data of a query: " + data);
        }
        return samples;
    }

    static Map<String, String> strings(JsonNode object) {
        var strings = new TreeMap<String, String>();
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return strings;
    }

    private static Map<String, String> labels(JsonNode series) {
        return strings(series.path("metric"));
    }

    private static double value(JsonNode pair) {
        return number(pair.path(1).asText());
    }

    /** A value as Prometheus writes it. */
    public static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
