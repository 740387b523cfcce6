package io.lynx.systemtest.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a panel shows single values: their unit, words for some of them, colours by thresholds. Immutable. */
final class Values {
    private static final Map<String, String> COLOURS = Map.of(
            "green",
            "#73bf69",
            "red",
            "#f2495c",
            "dark-red",
            "#c4162a",
            "yellow",
            "#fade2a",
            "orange",
            "#ff9830",
            "blue",
            "#5794f2",
            "purple",
            "#b877d9",
            "text",
            "#ccccdc",
            "gray",
            "#808080",
            "semi-dark-red",
            "#e02f44");
    private static final String PLAIN = "#73bf69";

    private final String unit;
    private final Map<String, JsonNode> words = new HashMap<>();
    private final List<JsonNode> overrides = new ArrayList<>();
    private final List<JsonNode> steps = new ArrayList<>();

    /** Those of a field's configuration. */
    Values(JsonNode fieldConfig) {
        JsonNode defaults = fieldConfig.path("defaults");
        fieldConfig.path("overrides").forEach(overrides::add);
        this.unit = defaults.path("unit").asText("");
        for (JsonNode mapping : defaults.path("mappings")) {
            if (mapping.path("type").asText().equals("value")) {
                mapping.path("options").properties().forEach(word -> words.put(word.getKey(), word.getValue()));
            }
        }
        defaults.path("thresholds").path("steps").forEach(steps::add);
    }

    String unit() {
        return unit;
    }

    /** The unit of the series or column of that name, which may differ from the others'. */
    String unit(String name) {
        for (JsonNode override : overrides) {
            String options = override.path("matcher").path("options").asText();
            boolean isMeant = override.path("matcher").path("id").asText().equals("byRegexp")
                    ? name.matches(options)
                    : name.equals(options);
            for (JsonNode property : override.path("properties")) {
                if (isMeant && property.path("id").asText().equals("unit")) {
                    return property.path("value").asText();
                }
            }
        }
        return unit;
    }

    String text(double value) {
        JsonNode word = word(value);
        return word == null ? Units.format(unit, value) : word.path("text").asText(Units.format(unit, value));
    }

    String colour(double value) {
        JsonNode word = word(value);
        String colour = word == null ? "" : word.path("color").asText("");
        if (colour.isEmpty()) {
            for (JsonNode step : steps) {
                if (step.path("value").isNull()
                        || step.path("value").isMissingNode()
                        || value >= step.path("value").asDouble()) {
                    colour = step.path("color").asText();
                }
            }
        }
        return COLOURS.getOrDefault(colour, colour.startsWith("#") ? colour : PLAIN);
    }

    private @Nullable JsonNode word(double value) {
        return value == Math.rint(value) ? words.get(String.valueOf((long) value)) : null;
    }
}
