package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.event.bridge.BridgePlugin;
import io.lynx.jdbc.JdbcPlugin;
import io.lynx.jdbc.outbox.OutboxPlugin;
import io.lynx.kafka.KafkaPlugin;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Metric;
import io.lynx.redis.RedisPlugin;
import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the guide promises of monitoring, before a real Prometheus that scrapes the orders example every second: one service,
 * one story, told in order. Alerts have the shipped expressions with shorter windows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class MonitoringTest {
    private static final List<String> SEED_ALERTS =
            List.of("LynxAppUnhealthy", "HighErrorRate", "CircuitBreakerOpen", "HighMemoryUsage");
    private static final Duration WINDOW = Duration.ofSeconds(15);
    private static final Duration HOLD = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(\\{.*})? (\\S+)( \\S+)?( # .*)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Set<String> OF_THE_SCRAPE = Set.of("job", "exported_job", "instance", "__name__");

    private final Instant began = Instant.now();
    private BusyOrders orders;
    private PrometheusServer text;
    private PrometheusServer protobuf;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        PrometheusBinaries binaries = PrometheusBinaries.find();
        orders = BusyOrders.start(
                "--lynx.circuit_breaker.breakers.jdbc.orders.timeout=20s", "--orders.placing.per_second=3");
        PrometheusServer.Builder building = PrometheusServer.with(binaries).scrape("orders", orders.management());
        Rules.shipped().quick(folder, WINDOW, HOLD).files().forEach(building::rules);
        text = building.start();
        protobuf = PrometheusServer.with(binaries)
                .nativeHistograms()
                .scrape("orders", orders.management())
                .start();
    }

    @AfterAll
    void stop() {
        List<AutoCloseable> all = new ArrayList<>();
        all.add(protobuf);
        all.add(text);
        all.add(orders);
        for (AutoCloseable one : all) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    @Order(1)
    void targetIsUpAndNoAlertFires() throws InterruptedException {
        text.awaitTargets();
        protobuf.awaitTargets();
        text.awaitData("lynx_error_rate");
        Thread.sleep(HOLD.plus(HOLD));

        assertThat(text.api().firing()).doesNotContainAnyElementsOf(SEED_ALERTS);
        assertThat(text.api().rules()).allSatisfy(rule -> assertThat(rule.health())
                .as("%s: %s", rule.name(), rule.lastError())
                .isEqualTo("ok"));
    }

    @Test
    @Order(2)
    void anOutageOfTheDatabaseFiresItsAlerts() throws IOException, InterruptedException {
        orders.database("down");

        text.awaitFiring("LynxAppUnhealthy");
        text.awaitFiring("HighErrorRate");
        text.awaitFiring("CircuitBreakerOpen");

        assertThat(text.api().firing()).doesNotContain("HighMemoryUsage");
        assertThat(text.api().alerts())
                .filteredOn(alert -> alert.name().equals("CircuitBreakerOpen"))
                .allSatisfy(alert -> assertThat(alert.labels()).containsEntry("breaker_name", "jdbc.orders"));
        assertThat(text.api().alerts())
                .filteredOn(alert -> SEED_ALERTS.contains(alert.name()))
                .allSatisfy(
                        alert -> assertThat(alert.annotations()).containsKeys("summary", "description", "runbook_url"));
    }

    @Test
    @Order(3)
    void alertsResolveWhenTheDatabaseRecovers() throws IOException, InterruptedException {
        orders.database("up");

        text.awaitQuiet("CircuitBreakerOpen");
        text.awaitQuiet("LynxAppUnhealthy");
        text.awaitQuiet("HighErrorRate");
    }

    @Test
    @Order(4)
    void heldMemoryFiresTheMemoryAlert() throws IOException, InterruptedException {
        orders.memory("1100MB");
        text.awaitFiring("HighMemoryUsage");
        assertThat(text.api().firing()).doesNotContain("CircuitBreakerOpen");

        orders.memory("0");
        collectGarbage(orders.service());
        text.awaitQuiet("HighMemoryUsage");
    }

    @Test
    @Order(5)
    void failingCallsAndACollectorThatRefusesFireTheirAlerts() throws InterruptedException {
        orders.neighbours(true);
        text.awaitFiring("LynxClientCallsFailing");
        text.awaitFiring("LynxSpansDropped");
        assertThat(text.api().alerts())
                .filteredOn(alert -> alert.name().equals("LynxClientCallsFailing"))
                .allSatisfy(alert -> assertThat(alert.labels()).containsEntry("client", "inventory"));

        orders.neighbours(false);
        text.awaitQuiet("LynxClientCallsFailing");
        text.awaitQuiet("LynxSpansDropped");
        text.awaitQuiet("CircuitBreakerOpen");
    }

    private static void collectGarbage(ServiceProcess service) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(service.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    @Order(6)
    void everyMetricOfTheCatalogueIsExposed() throws InterruptedException {
        Set<String> stored = Set.copyOf(text.api().metricNames());

        List<String> missing = Catalogue.all().stream()
                .filter(metric -> !namesOf(metric).stream().allMatch(stored::contains))
                .map(Metric::name)
                .toList();

        // They appear with a leadership, an access log, a WebSocket and an overflow, none of which the service has.
        assertThat(missing)
                .containsExactly(
                        "lynx_leadership_leader",
                        "lynx_leadership_terms_total",
                        "lynx_leadership_ended_total",
                        "lynx_leadership_failures_total",
                        "lynx_access_log_dropped_total",
                        "lynx_websockets",
                        "lynx_websocket_messages_total",
                        "lynx_websocket_closes_total",
                        "lynx_metrics_label_overflow_total");
    }

    private static List<String> namesOf(Metric metric) {
        String name = metric.name();
        return switch (metric.type()) {
            case HISTOGRAM -> List.of(name + "_bucket", name + "_count", name + "_sum");
            case COUNTER, GAUGE, INFO -> List.of(name);
        };
    }

    @Test
    @Order(7)
    void everyExpressionOfEveryDashboardReturnsData() throws InterruptedException {
        DashboardVariables variables = DashboardVariables.everything(WINDOW.toSeconds() + "s");
        Instant now = Instant.now();
        Set<String> stored = Set.copyOf(text.api().metricNames());
        // Those of plugins that the service does not have.
        List<Metric> leadership = Catalogue.all().stream()
                .filter(metric -> metric.name().startsWith("lynx_leadership_"))
                .toList();
        List<String> lacking = Stream.of(
                        BridgePlugin.METRICS,
                        JdbcPlugin.METRICS,
                        KafkaPlugin.METRICS,
                        OutboxPlugin.METRICS,
                        RedisPlugin.METRICS,
                        leadership)
                .flatMap(List::stream)
                .filter(metric -> namesOf(metric).stream().noneMatch(stored::contains))
                .map(Metric::name)
                .toList();

        List<String> empty = new ArrayList<>();
        for (Dashboards.Expression expression : Dashboards.shipped().expressions(variables)) {
            if (lacking.stream().noneMatch(expression.expression()::contains)
                    && text.api()
                            .queryRange(expression.expression(), began, now, Duration.ofSeconds(1))
                            .isEmpty()) {
                empty.add(expression.toString());
            }
        }
        for (Dashboard.LabelVariable variable : Dashboards.shipped().labelVariables()) {
            if (text.api()
                    .labelValues(variable.label(), variables.resolve(variable.selector()))
                    .isEmpty()) {
                empty.add(variable.toString());
            }
        }

        assertThat(empty).isEmpty();
    }

    /** Its expressions have a result without clients and collectors too, whose labels are placeholders. */
    @Test
    @Order(8)
    void thePanelsOfClientsShowTheCallsOfOrders() throws InterruptedException {
        DashboardVariables variables = DashboardVariables.everything(WINDOW.toSeconds() + "s");
        Instant now = Instant.now();

        List<String> empty = new ArrayList<>();
        for (Dashboards.Expression expression : Dashboards.shipped().expressions(variables)) {
            if (expression.query().toString().contains("HTTP clients")
                    && text.api().queryRange(expression.expression(), began, now, Duration.ofSeconds(1)).stream()
                            .allMatch(sample -> sample.labels().containsValue("none"))) {
                empty.add(expression.toString());
            }
        }

        assertThat(empty).isEmpty();
    }

    @Test
    @Order(9)
    void promtoolReportsOnlyTheKnownProblem() throws IOException, InterruptedException {
        Command.Result result = PrometheusBinaries.find().checkMetrics(orders.metrics("text/plain"));

        assertThat(result.output().lines().filter(line -> !isAllowed(line))).isEmpty();
    }

    /** A gauge with a name that sounds like a histogram's; it is the name that operators know. */
    private static boolean isAllowed(String finding) {
        return finding.startsWith("lynx_plugin_count ");
    }

    @Test
    @Order(10)
    void textOpenMetricsAndProtobufAgree() throws IOException, InterruptedException {
        orders.quieten();
        Map<String, Double> before = ofTheApplication(parse(orders.metrics("text/plain")));
        Thread.sleep(Duration.ofSeconds(3));
        protobuf.await("a later scrape", () -> uptime(ofTheApplication(series(protobuf.api()))) > uptime(before));
        Map<String, Double> stored = ofTheApplication(series(protobuf.api()));
        Map<String, Double> openMetrics = ofTheApplication(parse(orders.metrics("application/openmetrics-text")));
        Map<String, Double> after = ofTheApplication(parse(orders.metrics("text/plain;version=0.0.4")));

        assertThat(openMetrics.keySet()).isEqualTo(after.keySet());
        assertThat(stored.keySet()).isEqualTo(after.keySet());
        Set<String> still = new TreeSet<>(after.keySet());
        still.removeIf(one -> one.startsWith("lynx_virtual_threads") || one.startsWith("lynx_system_"));
        still.removeIf(one -> !Objects.equals(after.get(one), before.get(one)));
        assertThat(still).hasSizeGreaterThan(after.size() / 2);
        assertThat(still).allSatisfy(one -> {
            assertThat(openMetrics.get(one)).as(one).isEqualTo(after.get(one));
            assertThat(stored.get(one)).as(one).isEqualTo(after.get(one));
        });
    }

    private static double uptime(Map<String, Double> series) {
        return series.getOrDefault("lynx_app_uptime_seconds{}", 0.0);
    }

    /** Those of the catalogue alone: the library's own differ by format in what they add, such as times of creation. */
    private static Map<String, Double> ofTheApplication(Map<String, Double> series) {
        Map<String, Double> own = new TreeMap<>(series);
        own.keySet().removeIf(name -> !name.startsWith("lynx_"));
        return own;
    }

    private static Map<String, Double> series(PrometheusApi prometheus) throws InterruptedException {
        Map<String, Double> series = new TreeMap<>();
        for (Sample sample : prometheus.query("{job=\"orders\"}")) {
            series.put(key(sample.labels().getOrDefault("__name__", ""), sample.labels()), sample.value());
        }
        return series;
    }

    private static Map<String, Double> parse(String exposition) {
        Map<String, Double> series = new TreeMap<>();
        exposition.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            if (sample.group(2) != null) {
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
            }
            series.put(key(sample.group(1), labels), Sample.number(sample.group(3)));
        });
        return series;
    }

    private static String key(String name, Map<String, String> labels) {
        Map<String, String> own = new TreeMap<>(labels);
        own.keySet().removeAll(OF_THE_SCRAPE);
        own.computeIfPresent("le", (_, bound) -> String.valueOf(Sample.number(bound)));
        return name + own;
    }
}
