package io.lynx.systemtest.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The HTTP API of a Prometheus server. A call that is answered with an error fails with an {@link AssertionError} that shows
 * it. Thread-safe.
 */
public final class PrometheusApi implements AutoCloseable {
    /**
     * A target.
     *
     * @param health {@code up}, {@code down} or {@code unknown}
     * @param lastError why it is down, or empty
     */
    public record Target(String job, String instance, String url, String health, String lastError) {
        /** Whether the last scrape succeeded. */
        public boolean isUp() {
            return health.equals("up");
        }
    }

    /**
     * An alert that is pending or fires.
     *
     * @param state {@code pending} or {@code firing}
     */
    public record ActiveAlert(String name, String state, Map<String, String> labels, Map<String, String> annotations) {
        /** Copies the maps. */
        public ActiveAlert {
            labels = Map.copyOf(labels);
            annotations = Map.copyOf(annotations);
        }

        /** Whether it fires. */
        public boolean isFiring() {
            return state.equals("firing");
        }
    }

    /**
     * What a rule has come to.
     *
     * @param type {@code alerting} or {@code recording}
     * @param health {@code ok}, {@code err} or {@code unknown}
     * @param state of an alert: {@code inactive}, {@code pending} or {@code firing}; else empty
     * @param lastError why it cannot be evaluated, or empty
     */
    public record RuleState(String group, String name, String type, String health, String state, String lastError) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI base;

    /** That of the server at {@code base}, such as {@code http://127.0.0.1:9091}. */
    public PrometheusApi(URI base) {
        this.base = base;
    }

    /** What an expression is now. */
    public List<Sample> query(String expression) throws InterruptedException {
        return Sample.of(post("/api/v1/query", Map.of("query", expression)));
    }

    /** The only value of an expression. */
    public double value(String expression) throws InterruptedException {
        List<Sample> samples = query(expression);
        if (samples.size() != 1) {
            throw new AssertionError(expression + ": not one sample but " + samples);
        }
        return samples.getFirst().value();
    }

    /** What an expression was; of each series the last value. */
    public List<Sample> queryRange(String expression, Instant from, Instant to, Duration step)
            throws InterruptedException {
        return Sample.of(post("/api/v1/query_range", range(expression, from, to, step)));
    }

    /** What an expression was, as the API says it: {@code resultType} and {@code result}. */
    public JsonNode matrix(String expression, Instant from, Instant to, Duration step) throws InterruptedException {
        return post("/api/v1/query_range", range(expression, from, to, step));
    }

    /** The values of a label, of the series that match a selector. */
    public List<String> labelValues(String label, String selector) throws InterruptedException {
        String path = "/api/v1/label/" + label + "/values";
        String query = selector.isEmpty() ? "" : "?" + form(Map.of("match[]", selector));
        return strings(get(path + query));
    }

    /** The names of all metrics that have series. */
    public List<String> metricNames() throws InterruptedException {
        return labelValues("__name__", "");
    }

    /** The targets it scrapes. */
    public List<Target> targets() throws InterruptedException {
        List<Target> targets = new ArrayList<>();
        get("/api/v1/targets?state=active")
                .path("activeTargets")
                .forEach(target -> targets.add(new Target(
                        target.path("labels").path("job").asText(),
                        target.path("labels").path("instance").asText(),
                        target.path("scrapeUrl").asText(),
                        target.path("health").asText(),
                        target.path("lastError").asText())));
        return targets;
    }

    /** The alerts that are pending or fire. */
    public List<ActiveAlert> alerts() throws InterruptedException {
        List<ActiveAlert> alerts = new ArrayList<>();
        get("/api/v1/alerts").path("alerts").forEach(alert -> {
            Map<String, String> labels = Sample.strings(alert.path("labels"));
            alerts.add(new ActiveAlert(
                    labels.getOrDefault("alertname", ""),
                    alert.path("state").asText(),
                    labels,
                    Sample.strings(alert.path("annotations"))));
        });
        return alerts;
    }

    /** The names of the alerts that fire. */
    public List<String> firing() throws InterruptedException {
        return alerts().stream()
                .filter(ActiveAlert::isFiring)
                .map(ActiveAlert::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** The rules it evaluates. */
    public List<RuleState> rules() throws InterruptedException {
        List<RuleState> rules = new ArrayList<>();
        for (JsonNode group : get("/api/v1/rules").path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                rules.add(new RuleState(
                        group.path("name").asText(),
                        rule.path("name").asText(),
                        rule.path("type").asText(),
                        rule.path("health").asText(),
                        rule.path("state").asText(""),
                        rule.path("lastError").asText("")));
            }
        }
        return rules;
    }

    /** Whether it answers queries. */
    boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(base.resolve("/-/ready"))
                    .timeout(PATIENCE)
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private JsonNode get(String path) throws InterruptedException {
        return data(
                path,
                HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).build());
    }

    private JsonNode post(String path, Map<String, String> parameters) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(parameters)))
                .build();
        return data(path + " " + parameters, request);
    }

    private JsonNode data(String what, HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            JsonNode answer = JSON.readTree(response.body());
            if (!answer.path("status").asText().equals("success")) {
                throw new AssertionError(what + ": " + response.statusCode() + ", "
                        + answer.path("error").asText(response.body()));
            }
            return answer.path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(what, e);
        }
    }

    private static Map<String, String> range(String expression, Instant from, Instant to, Duration step) {
        return Map.of(
                "query", expression,
                "start", from.toString(),
                "end", to.toString(),
                "step", Double.toString(step.toMillis() / 1000.0));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(one -> strings.add(one.asText()));
        return strings;
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
