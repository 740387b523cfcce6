package io.lynx.systemtest.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dashboard of Grafana, as its file says it.
 *
 * @param file where it is
 * @param json all of it
 */
public record Dashboard(Path file, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+),\\s*(\\w+)\\)");

    /** A panel that is no row. */
    public record Panel(Dashboard dashboard, JsonNode json) {
        public int id() {
            return json.path("id").asInt();
        }

        public String title() {
            return json.path("title").asText();
        }

        public String type() {
            return json.path("type").asText();
        }

        /** Its queries. */
        public List<JsonNode> targets() {
            return children(json.path("targets"));
        }

        /** The unit of its values, or empty if it has none. */
        public String unit() {
            return json.path("fieldConfig").path("defaults").path("unit").asText("");
        }

        @Override
        public String toString() {
            return dashboard.title() + " / " + title();
        }
    }

    /**
     * A query of a panel.
     *
     * @param expression with its variables
     * @param legend how its series are named; empty for as they are
     */
    public record Query(Panel panel, String refId, String expression, String legend) {
        /** The expression without variables. */
        public String resolved(DashboardVariables variables) {
            return variables.resolve(expression);
        }

        @Override
        public String toString() {
            return panel + " " + refId;
        }
    }

    /**
     * A variable whose values are those of a label.
     *
     * @param selector of the series that have it, with variables
     */
    public record LabelVariable(Dashboard dashboard, String name, String selector, String label) {}

    static Dashboard read(Path file) {
        try {
            return new Dashboard(file, JSON.readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    public String title() {
        return json.path("title").asText();
    }

    public String uid() {
        return json.path("uid").asText();
    }

    /** Its panels, without the rows. */
    public List<Panel> panels() {
        return children(json.path("panels")).stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .map(panel -> new Panel(this, panel))
                .toList();
    }

    /** The queries of all its panels. */
    public List<Query> queries() {
        return panels().stream()
                .flatMap(panel -> panel.targets().stream()
                        .map(target -> new Query(
                                panel,
                                target.path("refId").asText(),
                                target.path("expr").asText(),
                                target.path("legendFormat").asText(""))))
                .toList();
    }

    /** Its variables that are asked of Prometheus. */
    public List<LabelVariable> labelVariables() {
        List<LabelVariable> variables = new ArrayList<>();
        for (JsonNode variable : json.path("templating").path("list")) {
            if (variable.path("type").asText().equals("query")) {
                String query = variable.path("query").path("query").asText();
                Matcher call = LABEL_VALUES.matcher(query);
                if (!call.matches()) {
                    throw new AssertionError(
                            title() + ": variable query '" + query + "'; label_values(selector, label)");
                }
                variables.add(new LabelVariable(this, variable.path("name").asText(), call.group(1), call.group(2)));
            }
        }
        return variables;
    }

    @Override
    public String toString() {
        return title();
    }

    static List<JsonNode> children(JsonNode array) {
        List<JsonNode> children = new ArrayList<>();
        array.forEach(children::add);
        return children;
    }
}
