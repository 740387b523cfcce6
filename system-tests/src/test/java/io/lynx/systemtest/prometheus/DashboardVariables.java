package io.lynx.systemtest.prometheus;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for the variables of dashboards, as Grafana would put it there.
 *
 * @param values by name
 */
public record DashboardVariables(Map<String, String> values) {
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)(?::\\w+)?}|(\\w+))");

    /** Copies the map. */
    public DashboardVariables {
        values = Map.copyOf(values);
    }

    /** All jobs and instances. Windows are {@code window}, such as {@code 1m}, which should hold several scrapes. */
    public static DashboardVariables everything(String window) {
        return new DashboardVariables(Map.of(
                "datasource",
                "prometheus",
                "job",
                ".+",
                "instance",
                ".+",
                "__rate_interval",
                window,
                "__interval",
                window,
                "__range",
                window));
    }

    /** The same, but for one variable. */
    public DashboardVariables with(String name, String value) {
        var changed = new TreeMap<>(values);
        changed.put(name, value);
        return new DashboardVariables(changed);
    }

    /** The text without variables; one that is unknown fails. */
    public String resolve(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1) != null ? found.group(1) : found.group(2);
            String value = values.get(name);
            if (value == null) {
                throw new AssertionError("variable: '" + name + "' (in " + text + "); one of " + values.keySet());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
