package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.config.Config.ConfigEntry;
import io.lynx.config.ConfigEvent;
import io.lynx.config.ConfigTable;
import io.lynx.config.ConfigurationException;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.config.Default;
import io.lynx.config.ReloadReport;
import io.lynx.config.Secret;
import io.lynx.event.Event;
import io.lynx.event.TopicFilter;
import io.lynx.health.CheckReport;
import io.lynx.health.Health;
import io.lynx.health.HealthCheckOptions;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.Metric;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole application whose file changes under it. */
class ReloadTest {
    private static final String AT_START = """
        lynx:
          log:
            level: info
          health_check:
            interval: 30s
          metrics:
            update_interval: 30s
        till:
          drawers: 1
          key: first-secret
        """;

    @TempDir
    private Path directory;

    private final RecordingBackend logging = new RecordingBackend();
    private final RecordingPlugin till = new RecordingPlugin(
            "till",
            it -> it.config("till", TillConfig.class),
            context -> context.healthCheck("drawer", HealthCheckOptions.defaults(), Health::up));
    private @Nullable Application application;

    record TillConfig(
            @Default("1") int drawers, @Secret @Default("") String key) {}

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
    }

    private Application start() throws IOException {
        write(AT_START);
        Application built = Application.builder()
                .discoverPlugins(false)
                .configure(sources -> {
                    var _ = sources.workingDirectory(directory);
                })
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .logging(logging)
                .plugin(till)
                .build();
        application = built;
        built.start();
        return built;
    }

    private void write(String yaml) throws IOException {
        Files.writeString(directory.resolve("config.yml"), yaml);
    }

    private static String value(Application application, String key) {
        return application.configuration().stream()
                .filter(entry -> entry.key().equals(key))
                .map(ConfigEntry::value)
                .findAny()
                .orElse("no such key");
    }

    private static CheckReport drawer(Application application) {
        return application.health().snapshot().checks().stream()
                .filter(check -> check.name().equals("drawer"))
                .findAny()
                .orElseThrow();
    }

    private static List<ConfigEvent> said(Application application) {
        return application.events().history(TopicFilter.bus("config")).stream()
                .map(Event::payload)
                .map(ConfigEvent.class::cast)
                .toList();
    }

    private static double value(Application application, Metric metric, Map<String, String> labels) {
        return application
                .metrics()
                .snapshot()
                .find(metric.name(), labels)
                .orElseThrow()
                .value();
    }

    private static boolean dates(Application application, String check) {
        return application
                .metrics()
                .snapshot()
                .find(Catalogue.HEALTH_LAST_SUCCESS.name(), Map.of("check_name", check))
                .filter(series -> series.value() > 0)
                .isPresent();
    }

    private TillConfig tillConfig() {
        return Objects.requireNonNull(till.context).config(TillConfig.class);
    }

    @Test
    void aDisabledCheckHasNoLastSuccessThatCouldBecomeOld() throws Exception {
        Application running = start();
        Await.until("the check has passed", () -> dates(running, "drawer"));
        write(AT_START.replace(" interval: 30s", " checks: {drawer: {enabled: false}}"));

        ReloadReport _ = running.reload();

        assertThat(dates(running, "drawer")).isFalse();
        assertThat(dates(running, "till")).isTrue();

        write(AT_START);
        ReloadReport _ = running.reload();
        Await.until("the check passes again", () -> dates(running, "drawer"));
    }

    @Test
    void appliesWhatCanChangeAndReportsTheRest() throws Exception {
        Application running = start();
        write("""
            lynx:
              log:
                level: debug
                levels:
                  io.shop: trace
              health_check:
                interval: 5s
                checks:
                  drawer:
                    enabled: false
              metrics:
                update_interval: 10s
            till:
              drawers: 2
              key: second-secret
            """);

        ReloadReport report = running.reload();

        assertThat(report.appliedKeys())
                .contains("lynx.log.level", "lynx.log.levels.io.shop", "lynx.health_check.interval")
                .allMatch(key -> key.startsWith("lynx.log.") || key.startsWith("lynx.health_check."));
        assertThat(report.restartRequired())
                .containsExactly(
                        new ReloadReport.Change("lynx.metrics.update_interval", "30s", "10s", "config.yml:12", null),
                        new ReloadReport.Change("till.drawers", "1", "2", "config.yml:14", "till"),
                        new ReloadReport.Change("till.key", "***", "***", "config.yml:15", "till"));
        assertThat(report.applied())
                .contains(new ReloadReport.Change("lynx.log.level", "info", "debug", "config.yml:3", null));
        assertThat(logging.applied.getLast().level()).isEqualTo(LogLevel.DEBUG);
        assertThat(logging.applied.getLast().levels()).containsEntry("io.shop", LogLevel.TRACE);
        assertThat(drawer(running).enabled()).isFalse();
        assertThat(value(running, "lynx.log.level")).isEqualTo("debug");
        assertThat(value(running, "lynx.health_check.interval")).isEqualTo("5s");
        assertThat(value(running, "lynx.metrics.update_interval")).isEqualTo("30s");
        assertThat(value(running, "till.drawers")).isEqualTo("1");
        assertThat(tillConfig().drawers()).isEqualTo(1);
        assertThat(said(running).getLast())
                .isEqualTo(new ConfigEvent.Reloaded(report.appliedKeys(), report.restartRequiredKeys(), List.of()));
    }

    @Test
    void changesNothingWhenItRefuses() throws Exception {
        Application running = start();
        String table = ConfigTable.print(running.configuration());
        write("""
            lynx:
              log:
                level: debug
              health_check:
                interval: 5
                checks:
                  drawer:
                    enabled: false
              shutdown:
                timout: 5s
            till:
              drawers: 2
            """);

        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, running::reload);

        List<String> problems =
                refused.problems().stream().map(ConfigProblem::message).toList();
        assertThat(problems).hasSize(2);
        assertThat(problems.get(0)).startsWith("lynx.health_check.interval: '5' is not a duration (config.yml:5)");
        assertThat(problems.get(1)).startsWith("lynx.shutdown.timout: unknown (config.yml:10)");
        assertThat(ConfigTable.print(running.configuration())).isEqualTo(table);
        assertThat(logging.applied).hasSize(1);
        assertThat(drawer(running).enabled()).isTrue();
        assertThat(said(running).getLast()).isEqualTo(new ConfigEvent.Refused(problems, null));

        running.restart("till");
        assertThat(tillConfig().drawers()).isEqualTo(1);
    }

    @Test
    void revertsAppliedPartsWhenOnePartRefuses() throws Exception {
        Application running = start();
        String table = ConfigTable.print(running.configuration());
        logging.onApply = config -> {
            if (config.level() == LogLevel.DEBUG) {
                throw new IllegalArgumentException("lynx.log.level: 'debug' is beyond this backend");
            }
        };
        write("""
            lynx:
              log:
                level: debug
              health_check:
                checks:
                  drawer:
                    enabled: false
            """);

        assertThatThrownBy(running::reload)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("lynx.log.level: 'debug' is beyond this backend");

        assertThat(drawer(running).enabled()).isTrue();
        assertThat(ConfigTable.print(running.configuration())).isEqualTo(table);
    }

    @Test
    void aPartThatThrowsRefusesTheReload() throws Exception {
        Application running = start();
        logging.onApply = config -> {
            if (config.level() == LogLevel.DEBUG) {
                throw new IllegalStateException("no disk");
            }
        };
        write(AT_START.replace("level: info", "level: debug").replace("interval: 30s", "interval: 5s"));

        assertThatThrownBy(running::reload)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("configuration: could not be applied; java.lang.IllegalStateException: no disk")
                .hasCauseInstanceOf(IllegalStateException.class);

        assertThat(logging.applied.getLast().level()).isEqualTo(LogLevel.INFO);
        assertThat(value(running, "lynx.health_check.interval")).isEqualTo("30s");
        assertThat(value(running, "lynx.log.level")).isEqualTo("info");
    }

    @Test
    void pluginReceivesItsChangedSectionWhenItIsRestarted() throws Exception {
        Application running = start();
        write(AT_START.replace("drawers: 1", "drawers: 2"));
        ReloadReport waiting = running.reload();
        assertThat(waiting.restartRequiredKeys()).containsExactly("till.drawers");
        assertThat(running.reload()).isEqualTo(waiting);

        running.restart("till");

        assertThat(tillConfig().drawers()).isEqualTo(2);
        assertThat(value(running, "till.drawers")).isEqualTo("2");
        assertThat(running.reload()).isEqualTo(new ReloadReport(List.of(), List.of()));
    }

    @Test
    void forgetsAPendingChangeThatIsReverted() throws Exception {
        Application running = start();
        write(AT_START.replace("drawers: 1", "drawers: 2"));
        assertThat(running.reload().restartRequiredKeys()).containsExactly("till.drawers");
        write(AT_START);

        assertThat(running.reload()).isEqualTo(new ReloadReport(List.of(), List.of()));

        running.restart("till");
        assertThat(tillConfig().drawers()).isEqualTo(1);
    }

    @Test
    void valuesThatAreReadOnEachUseApplyAtOnce() throws Exception {
        Application running = start();
        write(AT_START.replace("  metrics:", """
              error_recovery:
                error_threshold: 3
                recovery_timeout: 7s
                max_restarts: 9
              shutdown:
                timeout: 11s
                quit: dump
              metrics:\
            """));

        ReloadReport report = running.reload();

        assertThat(report.appliedKeys())
                .containsExactly(
                        "lynx.error_recovery.error_threshold",
                        "lynx.error_recovery.recovery_timeout",
                        "lynx.shutdown.timeout");
        assertThat(report.restartRequiredKeys())
                .containsExactly("lynx.error_recovery.max_restarts", "lynx.shutdown.quit");
        assertThat(running.recovery().healthReport().errorThreshold()).isEqualTo(3);
        assertThat(running.recovery().healthReport().recoveryTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(running.stop().budget()).isEqualTo(Duration.ofSeconds(11));
    }

    @Test
    void countsReloadsAndProblems() throws Exception {
        Application running = start();
        assertThat(value(running, Catalogue.CONFIG_RELOADS, Map.of("result", "success")))
                .isEqualTo(0);
        ReloadReport _ = running.reload();
        write("lynx: {log: {level: loud, format: blue}}");
        assertThat(catchThrowable(running::reload)).isInstanceOf(ConfigurationException.class);

        assertThat(value(running, Catalogue.CONFIG_RELOADS, Map.of("result", "success")))
                .isEqualTo(1);
        assertThat(value(running, Catalogue.CONFIG_RELOADS, Map.of("result", "failure")))
                .isEqualTo(1);
        assertThat(value(running, Catalogue.CONFIG_ERRORS, Map.of("config_type", "reload", "error_type", "invalid")))
                .isEqualTo(2);
    }

    @Test
    void refusesASecondReloadAtTheSameTime() throws Exception {
        Application running = start();
        Thread first = Thread.currentThread();
        CountDownLatch applying = new CountDownLatch(1);
        CompletableFuture<@Nullable Throwable> second = CompletableFuture.supplyAsync(() -> {
            Await.until(
                    "the first reload is at this section and waits",
                    () -> applying.getCount() == 0 && first.getState() == Thread.State.WAITING);
            return catchThrowable(running::reload);
        });
        logging.onApply = _ -> {
            applying.countDown();
            Throwable _ = second.join();
        };
        write(AT_START.replace("level: info", "level: warn"));

        assertThat(running.reload().appliedKeys()).containsExactly("lynx.log.level");

        assertThat(second.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "configuration: cannot be reloaded now; another reload is in progress for \\d+ ms while"
                                + " applying the section lynx\\.log \\(io\\.lynx\\.app\\.LogConfig\\), at .+ <"
                                + " io\\.lynx\\.app\\.RecordingBackend\\.apply\\(.+");
    }

    @Test
    void onlyAReadyApplicationReloads() throws Exception {
        Application stopped = start();
        stopped.stop();

        assertThatThrownBy(stopped::reload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("configuration: cannot be reloaded; the application is STOPPED");
    }

    @Test
    void logLevelsNeedARestartWithoutALogBackend() throws Exception {
        write(AT_START);
        application = Application.builder()
                .discoverPlugins(false)
                .configure(sources -> {
                    var _ = sources.workingDirectory(directory);
                })
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(till)
                .build();
        application.start();
        write(AT_START.replace("level: info", "level: warn"));

        assertThat(application.reload().restartRequiredKeys()).containsExactly("lynx.log.level");
    }
}
