package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alert rules, before Prometheus's own judge. */
final class RulesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final Pattern RATE_WINDOW = Pattern.compile("(?:rate|increase)\\([^\\[]*\\[(\\d+)m]");

    @Test
    void rulesAreValid() throws InterruptedException {
        Command.Result result = PrometheusBinaries.find()
                .promtool(
                        Ops.RULES,
                        PATIENCE,
                        Stream.concat(
                                Stream.of("check", "rules", "--lint=all", "--lint-fatal"),
                                Rules.shipped().files().stream().map(Path::toString)));

        assertThat(result.isSuccess()).as(result.output()).isTrue();
    }

    @Test
    void exampleConfigurationIsValidAndLoadsTheRules() throws InterruptedException {
        Command.Result result = PrometheusBinaries.find()
                .promtool(Ops.ROOT, PATIENCE, Stream.of("check", "config", Ops.PROMETHEUS_CONFIG.toString()));

        assertThat(result.isSuccess()).as(result.output()).isTrue();
        assertThat(result.output())
                .contains(Rules.shipped().files().size() + " rule files")
                .contains("SUCCESS");
    }

    static List<Path> ruleTests() {
        return Folders.files(Ops.RULE_TESTS, ".yml");
    }

    @ParameterizedTest
    @MethodSource("ruleTests")
    void alertsFireWhenTheyShouldAndOnlyThen(Path tests) throws InterruptedException {
        Command.Result result = PrometheusBinaries.find()
                .promtool(Ops.RULE_TESTS, PATIENCE, Stream.of("test", "rules", tests.toString()));

        assertThat(result.isSuccess()).as(result.output()).isTrue();
        assertThat(result.output()).contains("SUCCESS");
    }

    @Test
    void everyAlertHasAFiringAndAQuietCaseAndABoundary() {
        var cases = new TreeMap<String, Integer>();
        var firing = new TreeMap<String, Integer>();
        var quiet = new TreeMap<String, Integer>();
        for (Path tests : ruleTests()) {
            for (Object test : Yaml.list(Yaml.read(tests), "tests")) {
                List<?> checks = Yaml.list(Yaml.map(test), "alert_rule_test");
                String alert = Yaml.text(Yaml.map(checks.getFirst()), "alertname");
                boolean fires = checks.stream().anyMatch(RulesTest::expectsAlerts);
                boolean isQuiet = !checks.stream().allMatch(RulesTest::expectsAlerts);
                cases.merge(alert, 1, Integer::sum);
                firing.merge(alert, fires ? 1 : 0, Integer::sum);
                quiet.merge(alert, isQuiet ? 1 : 0, Integer::sum);
            }
        }

        List<String> alerts = Rules.shipped().alerts().stream()
                .map(Rules.Alert::name)
                .sorted()
                .toList();
        assertThat(List.copyOf(cases.keySet())).isEqualTo(alerts);
        assertThat(cases).allSatisfy((_, count) -> assertThat(count).isGreaterThanOrEqualTo(3));
        assertThat(firing).allSatisfy((_, count) -> assertThat(count).isPositive());
        assertThat(quiet).allSatisfy((_, count) -> assertThat(count).isPositive());
    }

    private static boolean expectsAlerts(Object check) {
        return !Yaml.list(Yaml.map(check), "exp_alerts").isEmpty();
    }

    @Test
    void documentedAlertsAreUnchanged() {
        List<String> promised = Rules.shipped().alerts().stream()
                .filter(alert -> alert.group().equals("lynx-alerts"))
                .map(alert ->
                        alert.name() + " | " + alert.expression() + " | " + alert.holdFor() + " | " + alert.labels())
                .toList();

        assertThat(promised)
                .containsExactly(
                        "LynxAppUnhealthy | lynx_health_check_status == 0 | 1m | {severity=critical}",
                        "HighErrorRate | rate(lynx_plugin_errors_total[5m]) > 0.1 | 5m | {severity=warning}",
                        "CircuitBreakerOpen | lynx_circuit_breaker_state == 1 | 1m | {severity=warning}",
                        "HighMemoryUsage | lynx_system_memory_bytes > 1e9 | 5m | {severity=warning}");
    }

    @Test
    void everyAlertHasASeverityADescriptionAndARunbook() {
        assertThat(Rules.shipped().alerts()).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).isIn("critical", "warning");
            assertThat(alert.annotations().keySet()).containsExactlyInAnyOrder("summary", "description", "runbook_url");
            assertThat(alert.annotations().get("description")).contains("{{ $");
            assertThat(alert.annotations().get("runbook_url")).isEqualTo("docs/runbooks/" + alert.name() + ".md");
            assertThat(alert.file().getParent()).isEqualTo(Ops.RULES);
        });
    }

    @Test
    void ratesSpanSeveralScrapes() {
        assertThat(Rules.shipped().alerts()).allSatisfy(alert -> assertThat(
                        RATE_WINDOW.matcher(alert.expression()).results().map(found -> Integer.valueOf(found.group(1))))
                .allMatch(minutes -> minutes >= 2));
    }

    @Test
    void quickCopiesDifferInTimesOnly(@TempDir Path folder) {
        Rules quick = Rules.shipped().quick(folder, Duration.ofSeconds(15), Duration.ofSeconds(2));

        assertThat(Files.exists(folder.resolve("lynx.yml"))).isTrue();
        List<Rules.Alert> alerts = quick.alerts();
        assertThat(alerts)
                .extracting(Rules.Alert::name)
                .isEqualTo(
                        Rules.shipped().alerts().stream().map(Rules.Alert::name).toList());
        assertThat(alerts).allSatisfy(alert -> {
            assertThat(alert.holdFor()).isIn("", "2s");
            assertThat(alert.expression()).doesNotContainPattern("\\[(?!15s])").doesNotContain("offset 5m");
        });
        assertThat(alerts.get(indexOf(alerts, "HighErrorRate")).expression())
                .isEqualTo("rate(lynx_plugin_errors_total[15s]) > 0.1");
    }

    private static int indexOf(List<Rules.Alert> alerts, String name) {
        return alerts.stream().map(Rules.Alert::name).toList().indexOf(name);
    }
}
