package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.metrics.Catalogue;
import io.lynx.systemtest.process.Command;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Dashboards and rules, asked of a real Prometheus that scrapes a target with every metric of the catalogue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExpressionsTest {
    private static final Duration WINDOW = Duration.ofSeconds(8);
    private static final Duration HOLD = Duration.ofSeconds(1);
    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");

    private CatalogueService service;
    private PrometheusServer prometheus;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        service = new CatalogueService();
        PrometheusServer.Builder server =
                PrometheusServer.with(PrometheusBinaries.find()).scrape("orders", service.address());
        Rules.shipped().quick(folder, WINDOW, HOLD).files().forEach(server::rules);
        prometheus = server.start();
        prometheus.awaitTargets();
        // Rates need two scrapes, what is recorded of them an evaluation more.
        prometheus.await(
                "request rate",
                () -> prometheus.api().query("lynx:requests:rate5m > 0").size() == 1);
        prometheus.await("error ratio", () -> !prometheus
                .api()
                .query("lynx:request_errors:ratio_rate6h > 0")
                .isEmpty());
    }

    @AfterAll
    void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void everyMetricOfTheCatalogueIsScraped() throws InterruptedException {
        List<String> names = prometheus.api().metricNames();

        assertThat(Catalogue.all()).allSatisfy(metric -> {
            String name =
                    switch (metric.type()) {
                        case HISTOGRAM -> metric.name() + "_bucket";
                        case COUNTER, GAUGE, INFO -> metric.name();
                    };
            assertThat(names).contains(name);
        });
    }

    @Test
    void promtoolReportsOnlyTheKnownProblem() throws IOException, InterruptedException {
        Command.Result lint = PrometheusBinaries.find().checkMetrics(service.text());

        // An old name: it counts plugins but is no counter.
        assertThat(lint.output().lines().filter(line -> line.contains("lynx_")))
                .singleElement()
                .asString()
                .startsWith("lynx_plugin_count ");
    }

    @Test
    void everyDashboardExpressionReturnsData() {
        // A rate has no value while a busy machine leaves fewer than two scrapes in its window.
        Await.asserted("every expression returns data", Duration.ofSeconds(40), () -> assertThat(problems())
                .isEmpty());
    }

    private List<String> problems() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        for (Dashboards.Expression expression : Dashboards.shipped().expressions(variables())) {
            List<Sample> samples = prometheus.api().query(expression.expression());
            if (samples.stream().allMatch(sample -> Double.isNaN(sample.value()))) {
                problems.add(expression + ": " + samples);
            }
            var labels = new TreeSet<String>();
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            LEGEND_LABEL
                    .matcher(expression.query().legend())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(label -> {
                        if (!labels.contains(label)) {
                            problems.add(expression + ": no label '" + label + "' for its legend in " + labels);
                        }
                    });
        }

        return problems;
    }

    @Test
    void everyVariableHasValues() throws InterruptedException {
        for (Dashboard.LabelVariable variable : Dashboards.shipped().labelVariables()) {
            assertThat(prometheus
                            .api()
                            .labelValues(variable.label(), variables().resolve(variable.selector())))
                    .as(variable.toString())
                    .hasSize(1);
        }
    }

    @Test
    void everyRuleIsEvaluated() throws InterruptedException {
        prometheus.await("rules evaluated", () -> prometheus.api().rules().stream()
                .noneMatch(rule -> rule.health().equals("unknown")));

        assertThat(prometheus.api().rules())
                .hasSize(Rules.shipped().alerts().size()
                        + Rules.shipped().recordings().size())
                .allSatisfy(
                        rule -> assertThat(rule.health()).as(rule.lastError()).isEqualTo("ok"));
    }

    @Test
    void documentedAlertsFireWithinSecondsAndResolve() throws InterruptedException {
        service.set(Catalogue.PLUGIN_ERRORS, 0);
        for (String alert : List.of("LynxAppUnhealthy", "HighErrorRate", "CircuitBreakerOpen", "HighMemoryUsage")) {
            prometheus.awaitQuiet(alert);
        }

        service.set(Catalogue.HEALTH_STATUS, 0);
        prometheus.awaitFiring("LynxAppUnhealthy");
        service.set(Catalogue.PLUGIN_ERRORS, 1);
        prometheus.awaitFiring("HighErrorRate");
        service.set(Catalogue.BREAKER_STATE, 1);
        prometheus.awaitFiring("CircuitBreakerOpen");
        service.set(Catalogue.SYSTEM_MEMORY, 2e9);
        prometheus.awaitFiring("HighMemoryUsage");
        assertThat(prometheus.api().alerts())
                .filteredOn(alert -> alert.name().equals("LynxAppUnhealthy"))
                .singleElement()
                .satisfies(alert -> assertThat(alert.annotations().get("description"))
                        .startsWith("Health check mysql of orders on 127.0.0.1:"));

        service.set(Catalogue.HEALTH_STATUS, 1);
        service.set(Catalogue.BREAKER_STATE, 0);
        service.set(Catalogue.SYSTEM_MEMORY, 1);
        prometheus.awaitQuiet("LynxAppUnhealthy");
        prometheus.awaitQuiet("CircuitBreakerOpen");
        prometheus.awaitQuiet("HighMemoryUsage");
    }

    private static DashboardVariables variables() {
        return DashboardVariables.everything(WINDOW.toSeconds() + "s");
    }
}
