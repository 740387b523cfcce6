package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.app.FlakyService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a service does about trouble, and what its operators see of it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
final class RecoveryTest {
    private static final String DATABASE = "jdbc.orders";
    private static final String ORDER = """
        {"customer": "Ada", "product": "engine", "quantity": 2, "unitPrice": 19.99}
        """;

    @Test
    void recoversFromAnOutageOfTheDatabaseWithoutIntervention() throws Exception {
        // With the configuration that it brings, which is made for looking on.
        Launch launch = Launch.of(io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(Services.anyPorts());
        try (ServiceProcess service = launch.start();
                var client = new ServiceClient(service)) {
            String cached = client.send("POST", "/orders", ORDER)
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            client.awaitStatus("/health/ready", 200);
            assertThat(breaker(client).path("state").asText()).isEqualTo("closed");
            // The cache has what was read; it hears of the event a little later.
            assertThat(client.status(cached)).isEqualTo(200);

            assertThat(client.send("PUT", "/faults/database", "down").statusCode())
                    .isEqualTo(200);

            // The affected routes alone, at first because the database is away, then because the breaker is open.
            HttpResponse<String> refused =
                    client.await("/orders", answer -> answer.body().contains("this part of the service"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1, 2);
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(client.status(cached)).isEqualTo(200);
            assertThat(client.status("/faults/database")).isEqualTo(200);
            JsonNode open = client.awaitJson("/debug/breakers", all -> isIn(all, "open"));
            assertThat(named(open, DATABASE).path("retry_after_ms").asLong()).isBetween(0L, 2_000L);

            // Operators see what is wrong, and that something is done about it; the instance stays in traffic.
            client.awaitJson("/health/ready", now -> now.path("state").asText().equals("DEGRADED"));
            assertThat(client.status("/health/ready")).isEqualTo(200);
            JsonNode report = client.awaitJson(
                    "/debug/health-report", now -> now.path("status").asText().equals("down"));
            assertThat(texts(report.path("reasons"))).anySatisfy(reason -> assertThat(reason)
                    .startsWith("health check 'jdbc.orders': DOWN; SQLTransient"));
            JsonNode stats = client.awaitJson(
                    "/debug/error-stats", now -> status(now, DATABASE).equals("recovering"));
            assertThat(stats.path("error_counts").path("database").asInt()).isPositive();
            assertThat(errorsOf(stats, "orders")).isNotEmpty().allSatisfy(error -> {
                assertThat(error.path("category").asText()).isEqualTo("database");
                assertThat(error.path("recovered").asBoolean()).isFalse();
            });
            assertThat(errorsOf(stats, DATABASE)).isNotEmpty();
            assertThat(stats.path("components").path("orders").path("restarts").asInt())
                    .isZero();

            assertThat(client.send("PUT", "/faults/database", "up").statusCode())
                    .isEqualTo(200);

            // Nobody asks for orders; only what operators look at is looked at.
            service.awaitLine("Plugin 'jdbc.orders' has reconnected");
            client.awaitStatus("/health/ready", 200);
            JsonNode closed = client.awaitJson("/debug/breakers", all -> isIn(all, "closed"));
            assertThat(named(closed, DATABASE).path("failures").asLong()).isPositive();
            JsonNode after = client.awaitJson(
                    "/debug/error-stats", now -> status(now, DATABASE).equals("ok"));
            assertThat(after.path("recovery_stats").path("successful").asInt()).isPositive();
            assertThat(errorsOf(after, DATABASE))
                    .allSatisfy(error ->
                            assertThat(error.path("recovered").asBoolean()).isTrue());
            assertThat(after.path("components").path(DATABASE).path("restarts").asInt())
                    .isZero();
            JsonNode well = client.awaitJson(
                    "/debug/health-report", now -> now.path("status").asText().equals("up"));
            assertThat(well.path("reasons")).isEmpty();
            assertThat(client.status("/orders")).isEqualTo(200);
            assertStops(service);
        }
    }

    @Test
    void aPluginThatKeepsFailingIsQuarantinedAndRunsAgainAfterAReset() throws Exception {
        Launch launch = Launch.of(FlakyService.class)
                .withoutClassPath("/examples/")
                .file("config.yml", Services.CONFIG)
                .arguments(Services.anyPorts())
                .arguments(
                        "--lynx.admin.allow_changes=true",
                        "--lynx.health_check.interval=1s",
                        "--lynx.health_check.failure_threshold=2");
        try (ServiceProcess service = launch.start();
                var client = new ServiceClient(service)) {
            client.awaitStatus("/health/ready", 200);

            assertThat(client.send("PUT", "/flaky", "broken").statusCode()).isEqualTo(204);
            JsonNode parked = client.awaitJson(
                    "/debug/error-stats", now -> status(now, "flaky").equals("parked"));
            assertThat(parked.path("components").path("flaky").path("restarts").asInt())
                    .isEqualTo(3);
            client.awaitJson("/health/ready", now -> now.path("state").asText().equals("DEGRADED"));
            assertThat(client.status("/health/live")).isEqualTo(200);
            JsonNode report = client.json("/debug/health-report");
            assertThat(report.path("healthy").asBoolean()).isFalse();
            assertThat(texts(report.path("reasons")))
                    .contains("component 'flaky': quarantined; 3 restarts within 300s did not help");
            service.awaitLine("Component 'flaky' quarantined: ");
            assertThat(service.output().text())
                    .containsOnlyOnce("Component 'flaky' quarantined: 3 restarts within 300s did not help; ");

            assertThat(client.send("PUT", "/flaky", "mended").statusCode()).isEqualTo(204);
            long checked =
                    flakyCheck(client).path("data").path("consecutiveFailures").asLong();
            client.awaitJson(
                    "/health/plugins/flaky",
                    now -> now.path("checks")
                                    .path(0)
                                    .path("data")
                                    .path("consecutiveFailures")
                                    .asLong()
                            > checked + 2);
            assertThat(status(client.json("/debug/error-stats"), "flaky")).isEqualTo("parked");

            HttpResponse<String> reset = client.send("POST", "/debug/components/flaky/reset", "");
            assertThat(reset.statusCode()).as(reset.body()).isEqualTo(200);
            assertThat(ServiceClient.parse(reset).path("status").asText()).isIn("ok", "recovering");
            client.awaitStatus("/health/ready", 200);
            client.awaitJson("/debug/error-stats", now -> status(now, "flaky").equals("ok"));
            assertThat(client.json("/debug/health-report").path("status").asText())
                    .isEqualTo("up");
            assertStops(service);
        }
    }

    @Test
    void theErrorThresholdComesFromTheEnvironment() throws Exception {
        Launch launch = Services.http()
                .arguments("--lynx.health_check.interval=1s", "--lynx.health_check.failure_threshold=1")
                .variable("LYNX_ERROR_THRESHOLD", "3");
        try (ServiceProcess service = launch.start();
                var client = new ServiceClient(service)) {
            client.awaitStatus("/health/ready", 200);
            for (int i = 0; i < 3; i++) {
                assertThat(client.status("/work/never")).isEqualTo(500);
            }
            JsonNode before = client.json("/debug/health-report");
            assertThat(before.path("healthy").asBoolean()).isTrue();
            assertThat(before.path("error_threshold").asInt()).isEqualTo(3);

            assertThat(client.status("/work/never")).isEqualTo(500);

            // An error is recorded when its answer has been sent.
            JsonNode report = client.awaitJson(
                    "/debug/health-report", now -> now.path("status").asText().equals("down"));
            assertThat(texts(report.path("reasons")))
                    .containsExactly("error type 'validation': 4 errors within 60s; at most 3 are healthy");
            client.awaitJson("/health/ready", now -> now.path("state").asText().equals("DEGRADED"));
            JsonNode stats = client.json("/debug/error-stats");
            assertThat(stats.path("components").path("http").path("restarts").asInt())
                    .isZero();
            assertThat(status(stats, "http")).isEqualTo("ok");
        }
    }

    @Test
    void aThresholdThatIsNotANumberIsRefusedByName() throws Exception {
        Launch launch = Services.http().variable("LYNX_ERROR_THRESHOLD", "many");
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(78);

            assertThat(service.output().text())
                    .contains("lynx.error_recovery.error_threshold: 'many'", "(env LYNX_ERROR_THRESHOLD)");
        }
    }

    private static JsonNode breaker(ServiceClient client) throws Exception {
        return named(client.json("/debug/breakers"), DATABASE);
    }

    private static boolean isIn(JsonNode breakers, String state) {
        return named(breakers, DATABASE).path("state").asText().equals(state);
    }

    private static JsonNode named(JsonNode breakers, String name) {
        return stream(breakers.path("breakers"))
                .filter(breaker -> breaker.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no breaker '" + name + "' in " + breakers));
    }

    private static JsonNode flakyCheck(ServiceClient client) throws Exception {
        return client.json("/health/plugins/flaky").path("checks").path(0);
    }

    private static String status(JsonNode errorStats, String component) {
        return errorStats.path("components").path(component).path("status").asText();
    }

    private static List<JsonNode> errorsOf(JsonNode errorStats, String component) {
        return stream(errorStats.path("recent_errors"))
                .filter(error -> error.path("component").asText().equals(component))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return stream(array).map(JsonNode::asText).toList();
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static void assertStops(ServiceProcess service) throws InterruptedException {
        long _ = service.signal(Signal.TERM);
        assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(143);
        assertThat(service.output().text()).contains("\"message\":\"Stopped\"");
    }
}
