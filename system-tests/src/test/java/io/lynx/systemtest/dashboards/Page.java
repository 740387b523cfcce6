package io.lynx.systemtest.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.prometheus.Dashboard;
import io.lynx.systemtest.prometheus.DashboardVariables;
import io.lynx.systemtest.prometheus.PrometheusApi;
import io.lynx.systemtest.prometheus.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A dashboard as a page of HTML, with what Prometheus answers to its queries. For one thread. */
final class Page {
    private static final int COLUMN = 75;
    private static final int ROW = 38;
    private static final int CHARTED = 24;

    private final Dashboard dashboard;
    private final PrometheusApi prometheus;
    private final DashboardVariables variables;
    private final Instant from;
    private final Instant to;
    private int empty;

    Page(Dashboard dashboard, PrometheusApi prometheus, DashboardVariables variables, Instant from, Instant to) {
        this.dashboard = dashboard;
        this.prometheus = prometheus;
        this.variables = variables;
        this.from = from;
        this.to = to;
    }

    /** How many of its panels have nothing to show. */
    int emptyPanels() {
        return empty;
    }

    /** How tall it is, in pixels. */
    int height() {
        int rows = 0;
        for (JsonNode panel : dashboard.json().path("panels")) {
            JsonNode place = panel.path("gridPos");
            rows = Math.max(rows, place.path("y").asInt() + place.path("h").asInt());
        }
        return rows * ROW + 110;
    }

    String html() throws InterruptedException {
        StringBuilder html = new StringBuilder("<!doctype html><html lang='en'><meta charset='utf-8'><title>")
                .append(escape(dashboard.title()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><h1>")
                .append(escape(dashboard.title()))
                .append("</h1><p class='about'>")
                .append(escape(dashboard.json().path("description").asText("")))
                .append("</p><main>");
        for (JsonNode panel : dashboard.json().path("panels")) {
            if (panel.path("type").asText().equals("row")) {
                html.append(place(panel, "row"))
                        .append(escape(panel.path("title").asText()))
                        .append("</section>");
            }
        }
        for (Dashboard.Panel panel : dashboard.panels()) {
            html.append(place(panel.json(), "panel"))
                    .append("<h2 title='")
                    .append(escape(panel.json().path("description").asText("")))
                    .append("'>")
                    .append(escape(panel.title()))
                    .append("</h2>")
                    .append(body(panel))
                    .append("</section>");
        }
        return html.append("</main></html>").toString();
    }

    private static String place(JsonNode panel, String kind) {
        JsonNode at = panel.path("gridPos");
        return "<section class='" + kind + "' style='grid-column:"
                + (at.path("x").asInt() + 1) + " / span "
                + at.path("w").asInt() + ";grid-row:" + (at.path("y").asInt() + 1) + " / span "
                + at.path("h").asInt() + "'>";
    }

    private String body(Dashboard.Panel panel) throws InterruptedException {
        if (panel.type().equals("text")) {
            return "<pre>" + escape(panel.json().path("options").path("content").asText()) + "</pre>";
        }
        List<Dashboard.Query> queries = dashboard.queries().stream()
                .filter(query -> query.panel().id() == panel.id())
                .toList();
        Duration step =
                Duration.ofMillis(Math.max(1000, Duration.between(from, to).toMillis() / 240));
        List<List<Line>> answers = new ArrayList<>();
        for (Dashboard.Query query : queries) {
            answers.add(Line.of(prometheus.matrix(query.resolved(variables), from, to, step), query.legend()));
        }
        List<Line> lines = answers.stream().flatMap(List::stream).toList();
        if (lines.isEmpty()) {
            empty++;
            return "<p class='empty'>No data</p>";
        }
        Values values = new Values(panel.json().path("fieldConfig"));
        JsonNode at = panel.json().path("gridPos");
        int width = at.path("w").asInt() * COLUMN;
        int height = Math.max(80, at.path("h").asInt() * ROW - 40 - (lines.size() > 4 ? 44 : 24));
        Chart chart = new Chart(from.getEpochSecond(), to.getEpochSecond(), width, height);
        return switch (panel.type()) {
            case "timeseries" -> {
                JsonNode custom =
                        panel.json().path("fieldConfig").path("defaults").path("custom");
                boolean isStacked =
                        custom.path("stacking").path("mode").asText("none").equals("normal");
                List<Line> shown = lines.subList(0, Math.min(CHARTED, lines.size()));
                Map<String, List<Line>> byUnit = new LinkedHashMap<>();
                shown.forEach(line -> byUnit.computeIfAbsent(values.unit(line.name()), _ -> new ArrayList<>())
                        .add(line));
                List<Chart.Group> groups = byUnit.entrySet().stream()
                        .map(unit -> new Chart.Group(unit.getKey(), unit.getValue()))
                        .toList();
                List<Line> ordered =
                        groups.stream().flatMap(group -> group.lines().stream()).toList();
                yield chart.lines(groups, isStacked) + legend(ordered, values);
            }
            case "state-timeline", "status-history" -> chart.strips(lines, values);
            case "heatmap" -> chart.heat(buckets(lines), values.unit());
            case "stat", "gauge" -> tiles(lines, values);
            case "bargauge", "barchart", "piechart" -> bars(lines, values);
            case "table" -> table(answers, titles(panel, queries), values);
            default ->
                "<p class='empty'>A panel of type " + escape(panel.type()) + ": not drawn here</p>"
                        + table(answers, titles(panel, queries), values);
        };
    }

    /** What the columns of the queries are called: as a transformation renames them, or by the queries' letters. */
    private static List<String> titles(Dashboard.Panel panel, List<Dashboard.Query> queries) {
        List<String> titles = new ArrayList<>();
        for (Dashboard.Query query : queries) {
            String title = "Value #" + query.refId();
            for (JsonNode transformation : panel.json().path("transformations")) {
                JsonNode names = transformation.path("options").path("renameByName");
                title = names.path(title)
                        .asText(queries.size() == 1 ? names.path("Value").asText(title) : title);
            }
            titles.add(title);
        }
        return titles;
    }

    private static String legend(List<Line> lines, Values values) {
        StringBuilder html = new StringBuilder("<p class='legend'>");
        for (int i = 0; i < lines.size(); i++) {
            html.append("<span><i style='background:")
                    .append(Chart.COLOURS.get(i % Chart.COLOURS.size()))
                    .append("'></i>")
                    .append(escape(lines.get(i).name()))
                    .append(" <b>")
                    .append(escape(Units.format(
                            values.unit(lines.get(i).name()), lines.get(i).last())))
                    .append("</b></span> ");
        }
        return html.append("</p>").toString();
    }

    private static String tiles(List<Line> lines, Values values) {
        StringBuilder html = new StringBuilder("<div class='tiles'>");
        for (Line line : lines) {
            html.append("<div><span>")
                    .append(escape(line.name()))
                    .append("</span><strong style='color:")
                    .append(values.colour(line.last()))
                    .append("'>")
                    .append(escape(values.text(line.last())))
                    .append("</strong></div>");
        }
        return html.append("</div>").toString();
    }

    private static String bars(List<Line> lines, Values values) {
        double most = lines.stream()
                .mapToDouble(Line::last)
                .filter(Double::isFinite)
                .max()
                .orElse(1);
        StringBuilder html = new StringBuilder("<div class='bars'>");
        for (Line line : lines) {
            double share = most <= 0 || !Double.isFinite(line.last()) ? 0 : Math.max(0, line.last() / most);
            html.append("<div><span>")
                    .append(escape(line.name()))
                    .append("</span><em><i style='width:")
                    .append(Math.round(share * 100))
                    .append("%;background:")
                    .append(values.colour(line.last()))
                    .append("'></i></em><b>")
                    .append(escape(values.text(line.last())))
                    .append("</b></div>");
        }
        return html.append("</div>").toString();
    }

    /** From cumulative buckets to what is in each, the smallest first. */
    private static List<Line> buckets(List<Line> cumulative) {
        List<Line> ascending = cumulative.stream()
                .sorted(Comparator.comparingDouble(
                        line -> Sample.number(line.labels().getOrDefault("le", "+Inf"))))
                .toList();
        List<Line> own = new ArrayList<>();
        Map<Double, Double> below = new HashMap<>();
        for (Line line : ascending) {
            own.add(new Line(
                    line.name(),
                    line.labels(),
                    line.points().stream()
                            .map(point ->
                                    new Line.Point(point.at(), point.value() - below.getOrDefault(point.at(), 0.0)))
                            .toList()));
            line.points().forEach(point -> below.put(point.at(), point.value()));
        }
        return own;
    }

    /** One row for each set of labels; a column for each label and one for each query. */
    private static String table(List<List<Line>> queries, List<String> titles, Values values) {
        Set<String> labels = new TreeSet<>();
        Map<Map<String, String>, Map<Integer, Line>> rows = new LinkedHashMap<>();
        for (int i = 0; i < queries.size(); i++) {
            for (Line line : queries.get(i)) {
                Map<String, String> own = new TreeMap<>(line.labels());
                own.keySet().removeAll(List.of("__name__", "instance", "job"));
                labels.addAll(own.keySet());
                Line _ = rows.computeIfAbsent(own, _ -> new HashMap<>()).put(i, line);
            }
        }
        StringBuilder html = new StringBuilder("<table><tr>");
        labels.forEach(label -> html.append("<th>").append(escape(label)));
        titles.forEach(title -> html.append("<th>").append(escape(title)));
        rows.forEach((own, line) -> {
            html.append("<tr>");
            labels.forEach(label -> html.append("<td>").append(escape(own.getOrDefault(label, ""))));
            for (int i = 0; i < titles.size(); i++) {
                double value = line.containsKey(i) ? line.get(i).last() : Double.NaN;
                String unit = values.unit(titles.get(i));
                String text = unit.equals(values.unit()) ? values.text(value) : Units.format(unit, value);
                html.append("<td style='color:")
                        .append(values.colour(value))
                        .append("'>")
                        .append(escape(text));
            }
        });
        return html.append("</table>").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    private static final String STYLE = """
            body { background: #111217; color: #ccccdc; font: 13px sans-serif; margin: 12px; width: 1800px }
            h1 { font-size: 20px; margin: 0 0 4px } .about { margin: 0 0 10px; color: #8e8e9a }
            main { display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: 30px; gap: 8px }
            .row { font-size: 15px; align-self: end; border-bottom: 1px solid #2c2f36 }
            .panel { background: #181b1f; border: 1px solid #2c2f36; border-radius: 3px; padding: 6px; overflow: hidden }
            h2 { font-size: 13px; margin: 0 0 4px; font-weight: 600 }
            svg text { fill: #8e8e9a; font-size: 11px } .grid { stroke: #2c2f36 }
            .legend { margin: 2px 0; font-size: 11px; max-height: 44px; overflow: hidden }
            .legend i { display: inline-block; width: 12px; height: 3px; margin: 0 4px 3px 6px }
            .empty { color: #f2495c; font-size: 16px; text-align: center }
            .tiles { display: flex; flex-wrap: wrap; gap: 12px; justify-content: space-evenly }
            .tiles div { text-align: center } .tiles span { display: block; color: #8e8e9a }
            .tiles strong { font-size: 26px }
            .bars div { display: flex; gap: 6px; margin: 3px 0; align-items: center }
            .bars span { width: 35% } .bars em { flex: 1; background: #22252b; height: 14px } .bars b { width: 18% }
            .bars em i { display: block; height: 14px }
            table { border-collapse: collapse; width: 100%; font-size: 12px } th { text-align: left; color: #8e8e9a }
            td, th { border-bottom: 1px solid #2c2f36; padding: 2px 6px } pre { white-space: pre-wrap; margin: 0 }
            """;
}
