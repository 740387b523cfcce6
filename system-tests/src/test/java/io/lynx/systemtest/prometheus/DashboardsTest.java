package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.metrics.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The dashboards are of one form, complete, and speak of metrics that there are. */
final class DashboardsTest {
    private static final Set<String> TYPES =
            Set.of("timeseries", "stat", "table", "gauge", "bargauge", "heatmap", "state-timeline");
    private static final String DATASOURCE = "${datasource}";
    private static final int COLUMNS = 24;

    /** A metric's name with its selector, if there is one. */
    private static final Pattern SELECTOR =
            Pattern.compile("\\b((?:lynx|jvm|process)_\\w+|lynx:[\\w:]+)(?:\\{([^}]*)})?");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");

    private final Dashboards dashboards = Dashboards.shipped();

    @Test
    void thereAreSevenDashboardsAndEachLinksToTheOthers() {
        assertThat(dashboards.all()).hasSize(7);
        assertThat(dashboards.all()).extracting(Dashboard::uid).doesNotHaveDuplicates();
        assertThat(dashboards.all()).extracting(Dashboard::title).doesNotHaveDuplicates();
        assertThat(dashboards.all()).allSatisfy(dashboard -> {
            JsonNode json = dashboard.json();
            assertThat(dashboard.uid())
                    .isEqualTo(
                            "lynx-" + dashboard.file().getFileName().toString().replace(".json", ""));
            assertThat(json.path("id").isNull()).isTrue();
            assertThat(json.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(json.path("tags").path(0).asText()).isEqualTo("lynx");
            assertThat(json.path("description").asText()).isNotBlank();
            assertThat(json.path("links").path(0).path("tags").path(0).asText()).isEqualTo("lynx");
            assertThat(json.path("links").path(0).path("includeVars").asBoolean())
                    .isTrue();
        });
    }

    @Test
    void linksOfPanelsLeadToDashboards() {
        List<String> uids = dashboards.all().stream().map(Dashboard::uid).toList();

        assertThat(dashboards.panels().stream()
                        .flatMap(panel -> Dashboard.children(panel.json().path("links")).stream())
                        .map(link -> link.path("url").asText()))
                .isNotEmpty()
                .allSatisfy(url -> assertThat(uids).contains(url.replaceFirst("^/d/([\\w-]+)\\?.*$", "$1")));
    }

    @Test
    void variablesAreTheSameEverywhere() {
        assertThat(dashboards.all()).allSatisfy(dashboard -> {
            assertThat(dashboard.json().path("templating").path("list").findValuesAsText("name"))
                    .startsWith("datasource", "job", "instance");
            assertThat(dashboard.labelVariables())
                    .extracting(Dashboard.LabelVariable::name, Dashboard.LabelVariable::selector)
                    .containsExactly(
                            tuple("job", "lynx_app_uptime_seconds"),
                            tuple("instance", "lynx_app_uptime_seconds{job=~\"$job\"}"));
        });
    }

    @Test
    void panelsHaveATitleADescriptionAndAUnit() {
        assertThat(dashboards.panels()).allSatisfy(panel -> {
            assertThat(TYPES).contains(panel.type());
            assertThat(panel.title()).isNotBlank();
            assertThat(panel.json().path("description").asText())
                    .as("description")
                    .endsWith(".");
            assertThat(panel.unit()).as("unit").isNotEmpty();
            assertThat(uid(panel.json())).isEqualTo(DATASOURCE);
            assertThat(panel.targets()).isNotEmpty();
            assertThat(panel.targets().stream()
                            .map(target -> target.path("refId").asText()))
                    .doesNotHaveDuplicates();
            assertThat(panel.targets())
                    .allSatisfy(target -> assertThat(uid(target)).isEqualTo(DATASOURCE));
            assertThat(panel.json()
                            .path("fieldConfig")
                            .path("defaults")
                            .path("thresholds")
                            .path("steps"))
                    .isNotEmpty();
            if (panel.type().equals("timeseries")) {
                assertThat(panel.json()
                                .path("options")
                                .path("legend")
                                .path("showLegend")
                                .asBoolean())
                        .isTrue();
                assertThat(panel.targets())
                        .allSatisfy(target ->
                                assertThat(target.path("legendFormat").asText()).isNotIn("", "__auto"));
            }
        });
    }

    private static String uid(JsonNode node) {
        assertThat(node.path("datasource").path("type").asText()).isEqualTo("prometheus");
        return node.path("datasource").path("uid").asText();
    }

    @Test
    void panelsFillTheGridWithoutOverlap() {
        assertThat(dashboards.all()).allSatisfy(dashboard -> {
            var ids = new HashSet<Integer>();
            var taken = new HashSet<Long>();
            for (JsonNode panel : dashboard.json().path("panels")) {
                JsonNode place = panel.path("gridPos");
                String title = panel.path("title").asText();
                assertThat(ids.add(panel.path("id").asInt()))
                        .as("id of " + title)
                        .isTrue();
                assertThat(place.path("x").asInt() + place.path("w").asInt())
                        .as("right end of " + title)
                        .isBetween(1, COLUMNS);
                for (int x = 0; x < place.path("w").asInt(); x++) {
                    for (int y = 0; y < place.path("h").asInt(); y++) {
                        long cell = (place.path("y").asLong() + y) * COLUMNS
                                + place.path("x").asLong()
                                + x;
                        assertThat(taken.add(cell)).as("cell of " + title).isTrue();
                    }
                }
            }
        });
    }

    @Test
    void documentedPanelsAreOnTheOverview() {
        Dashboard overview = dashboards.all().stream()
                .filter(dashboard -> dashboard.uid().equals("lynx-overview"))
                .findFirst()
                .orElseThrow();
        Map<String, Dashboard.Panel> panels =
                overview.panels().stream().collect(Collectors.toMap(Dashboard.Panel::title, Function.identity()));

        assertThat(promised(panels, "Application Health")).containsExactly("stat", "lynx_app_uptime_seconds", "Uptime");
        assertThat(promised(panels, "System Resources"))
                .containsExactly(
                        "timeseries",
                        "lynx_system_memory_bytes",
                        "Memory Usage",
                        "lynx_system_goroutines",
                        "Goroutines");
        assertThat(promised(panels, "Plugin Health"))
                .containsExactly("table", "lynx_plugin_health_status", "{{plugin_name}}");
        assertThat(promised(panels, "Error Rate"))
                .containsExactly("timeseries", "rate(lynx_plugin_errors_total[5m])", "{{plugin_name}}");
    }

    /** The type, then each expression and its legend, without what chooses among services and tells instances apart. */
    private static List<String> promised(Map<String, Dashboard.Panel> panels, String title) {
        Dashboard.Panel panel = panels.get(title);
        assertThat(panel).as(title).isNotNull();
        List<String> parts = new ArrayList<>(List.of(panel.type()));
        panel.targets().forEach(target -> {
            parts.add(target.path("expr").asText().replace("{job=~\"$job\", instance=~\"$instance\"}", ""));
            parts.add(target.path("legendFormat").asText().replaceFirst(" \\{\\{(instance|error_type)}}$", ""));
        });
        return parts;
    }

    @Test
    void everyExpressionSelectsTheChosenServices() {
        assertThat(dashboards.queries()).allSatisfy(query -> {
            assertThat(query.expression()).contains("job=~\"$job\"").doesNotContain("[$__interval]");
            if (!query.expression().contains("lynx:") && !query.expression().contains("ALERTS")) {
                assertThat(query.expression().split("job=~\"\\$job\""))
                        .hasSameSizeAs(query.expression().split("instance=~\"\\$instance\""));
            }
        });
    }

    @Test
    void metricsAndLabelsAreInTheCatalogue() {
        Map<String, Metric> catalogue =
                CatalogueService.metrics().collect(Collectors.toMap(Metric::name, Function.identity()));
        Set<String> recorded =
                Rules.shipped().recordings().stream().map(Rules.Recording::name).collect(Collectors.toSet());
        Stream<String> expressions = Stream.of(
                        dashboards.queries().stream().map(Dashboard.Query::expression),
                        Rules.shipped().alerts().stream().map(Rules.Alert::expression),
                        Rules.shipped().recordings().stream().map(Rules.Recording::expression))
                .flatMap(Function.identity());

        assertThat(expressions).allSatisfy(expression -> {
            Matcher selector = SELECTOR.matcher(expression);
            while (selector.find()) {
                String name = selector.group(1);
                if (name.startsWith("lynx:")) {
                    assertThat(recorded).contains(name);
                } else if (name.startsWith("lynx_")) {
                    Metric metric = metric(catalogue, name);
                    assertThat(metric).as(name).isNotNull();
                    assertThat(matchedLabels(selector.group(2)))
                            .as(name)
                            .isSubsetOf(Stream.concat(
                                            // Prometheus renames a label of ours that is one of its own.
                                            Stream.of("job", "exported_job", "instance", "le"),
                                            metric.labels().stream())
                                    .toList());
                }
            }
        });
    }

    @Test
    void everyMetricOfTheCatalogueIsShown() {
        String all =
                dashboards.queries().stream().map(Dashboard.Query::expression).collect(Collectors.joining("\n"));

        assertThat(CatalogueService.metrics().map(Metric::name))
                .allSatisfy(name -> assertThat(all).containsPattern("\\b" + name + "(_bucket|_count|_sum)?\\b"));
    }

    private static Set<String> matchedLabels(@Nullable String matchers) {
        return matchers == null
                ? Set.of()
                : MATCHER.matcher(matchers)
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static @Nullable Metric metric(Map<String, Metric> catalogue, String series) {
        Metric own = catalogue.get(series);
        return own != null ? own : catalogue.get(series.replaceFirst("_(bucket|count|sum)$", ""));
    }

    @Test
    void everyAlertHasAPanel() {
        var sources = new TreeMap<String, Boolean>();
        String all =
                dashboards.queries().stream().map(Dashboard.Query::expression).collect(Collectors.joining("\n"));
        for (Rules.Alert alert : Rules.shipped().alerts()) {
            boolean isShown =
                    SELECTOR.matcher(alert.expression()).results().anyMatch(found -> all.contains(found.group(1)));
            sources.put(alert.name(), isShown);
        }

        assertThat(sources).allSatisfy((_, isShown) -> assertThat(isShown).isTrue());
    }
}
