package io.lynx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.app.ApplicationState;
import io.lynx.app.ShutdownReport;
import io.lynx.app.ShutdownReport.CutOffWork;
import io.lynx.app.ShutdownReport.Phase;
import io.lynx.app.ShutdownReport.Step;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.app.ShutdownTrigger;
import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ReloadReport;
import io.lynx.health.HealthSnapshot;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebugDocumentsTest {
    private final FakeApplication application = new FakeApplication();
    private final DebugDocuments documents = new DebugDocuments(application);

    @Test
    void listsPlugins() {
        application.plugins.add(new PluginStatus(
                PluginDescriptor.of("db.mysql")
                        .name("MySQL")
                        .version("2.1.0")
                        .provides("sql", "8.0.0")
                        .build(),
                PluginState.RUNNING,
                List.of(),
                Duration.ofMillis(120),
                null,
                0,
                null));
        application.plugins.add(new PluginStatus(
                PluginDescriptor.of("orders")
                        .weight(10)
                        .optional()
                        .requires("sql", ">=8 <9")
                        .uses("cache")
                        .build(),
                PluginState.FAILED,
                List.of("db.mysql"),
                Duration.ofMillis(30),
                Duration.ofMillis(2),
                3,
                new IllegalStateException("no table 'orders'")));

        Golden.assertEquals("plugins.json", documents.plugins());
    }

    @Test
    void showsTheResultOfAReload() {
        Golden.assertEquals(
                "config-reload.json",
                DebugDocuments.reload(new ReloadReport(
                        List.of(new ReloadReport.Change("lynx.log.level", "info", "debug", "config.yml:3", null)),
                        List.of(
                                new ReloadReport.Change("lynx.http.port", "8080", "8081", "config.yml:12", "listener"),
                                new ReloadReport.Change("lynx.metrics.update_interval", "10s", "30s", "default", null),
                                new ReloadReport.Change("orders.token", "***", null, null, "orders")))));
    }

    @Test
    void listsTheConfiguration() {
        application.configuration.add(new ConfigEntry(
                "lynx.admin.token", "***", "", "env LYNX_ADMIN_TOKEN", "Lets callers from elsewhere in."));
        application.configuration.add(
                new ConfigEntry("lynx.http.port", "8081", "8080", "config.yml:12", "The port to listen on"));

        Golden.assertEquals("config.json", documents.configuration());
    }

    @Test
    void describesTheApplicationAndItsProcess() {
        application.time.advance(Duration.ofSeconds(90));
        application.health.enter(HealthSnapshot.Phase.SERVING);

        String info = new String(documents.info(), StandardCharsets.UTF_8);

        assertThat(info).startsWith("""
            {
              "application": {
                "name": "orders",
                "version": "1.4.0",
                "host": "box-1",
                "metadata": {
                  "team": "shop"
                },
                "state": "READY",
                "health": "UP",
                "started_at": "2026-01-01T00:00:00Z",
                "uptime_seconds": 90,
                "urls": [
                  "http://localhost:8080"
                ],
                "requests_in_flight": 2
              },
              "process": {
            """).contains("\"version\": \"" + Runtime.version() + "\"");
    }

    @Test
    void reportsThatNoShutdownHasBegun() {
        assertThat(new String(documents.shutdownReport(), StandardCharsets.UTF_8))
                .isEqualTo("""
                    {
                      "state": "READY",
                      "report": null
                    }
                    """);
    }

    @Test
    void reportsTheProgressOfTheShutdown() {
        application.state = ApplicationState.STOPPING;
        application.shutdownReport = new ShutdownReport(
                new ShutdownTrigger.Request("POST /debug/shutdown from 127.0.0.1"),
                Instant.parse("2026-01-01T00:01:30Z"),
                Duration.ofSeconds(30),
                Duration.ofMillis(5_240),
                List.of(
                        new Phase(Phase.Name.ANNOUNCE, Duration.ofMillis(1)),
                        new Phase(Phase.Name.DELAY, Duration.ZERO),
                        new Phase(Phase.Name.DRAIN, Duration.ofMillis(180)),
                        new Phase(Phase.Name.PLUGINS, Duration.ofMillis(5_059))),
                List.of(new Step("drain", Phase.Name.DRAIN, Duration.ofMillis(180), Duration.ofSeconds(15), null)),
                12,
                1,
                1,
                2,
                List.of(new CutOffWork(
                        CutOffWork.Kind.REQUEST,
                        "GET /orders/{id}",
                        Duration.ofMillis(900),
                        List.of("at shop.Orders.get(Orders.java:7)"))),
                3,
                List.of("mailer (3)"),
                List.of(new StoppedPlugin(
                        "worker",
                        PluginState.ABANDONED,
                        Duration.ofMillis(5_100),
                        Duration.ofSeconds(5),
                        "did not stop within 5s",
                        List.of("lynx-worker-1"),
                        List.of("shop.Worker.run(Worker.java:42)"))),
                false,
                0);

        Golden.assertEquals("shutdown-report.json", documents.shutdownReport());
    }
}
