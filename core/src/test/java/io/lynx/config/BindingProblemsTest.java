package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.metrics.MetricsConfig;
import io.lynx.recovery.ErrorRecoveryConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The exact messages that users get. */
class BindingProblemsTest {
    private static List<String> problems(String yaml, ConfigSection<?>... sections) {
        return messages(ConfigSources.none().yaml("config.yml", yaml).load().bind(sections));
    }

    private static List<String> messages(Binding binding) {
        return binding.problems().stream().map(ConfigProblem::message).toList();
    }

    @Test
    void aDurationWithoutUnitIsReported() {
        assertThat(problems(
                        "lynx:\n  shutdown:\n    graceful: true\n    timeout: 30\n", SeedConfigurationTest.SHUTDOWN))
                .containsExactly("lynx.shutdown.timeout: '30' is not a duration (config.yml:4); write '30s'");
    }

    @Test
    void anUnknownKeyIsReportedWithASuggestion() {
        assertThat(problems(
                        "lynx:\n  shutdown:\n    graceful: true\n\n    timout: 30s\n", SeedConfigurationTest.SHUTDOWN))
                .containsExactly("lynx.shutdown.timout: unknown (config.yml:5); did you mean 'timeout'?");
    }

    @Test
    void aVariableWithAWrongValueIsNamed() {
        Binding binding = ConfigSources.none()
                .environment(Map.of("LYNX_SHUTDOWN_TIMEOUT", "30"))
                .load()
                .bind(SeedConfigurationTest.SHUTDOWN);

        assertThat(messages(binding))
                .containsExactly(
                        "lynx.shutdown.timeout: '30' is not a duration (env LYNX_SHUTDOWN_TIMEOUT); write '30s'");
    }

    @Test
    void theProblemOfAMissingKeySaysHowToSetIt() {
        assertThat(problems("lynx:\n  application:\n    name: a\n", SeedConfigurationTest.APPLICATION))
                .containsExactly("lynx.application.version: missing; set it in config.yml, by LYNX_APPLICATION_VERSION"
                        + " or by --lynx.application.version=VALUE");
    }

    @Test
    void allProblemsAreReportedInTheOrderOfKeys() {
        String yaml = """
            lynx:
              shutdown:
                timeout: 20m
                graceful: yes
              shutdwon:
                timeout: 3s
              metrics:
                port: 99
                histograms: exotic
              grpc:
                port: 9000
            """;

        Binding binding = ConfigSources.none()
                .yaml("config.yml", yaml)
                .load()
                .bind(
                        List.of(SeedConfigurationTest.SHUTDOWN, MetricsConfig.SECTION, ErrorRecoveryConfig.SECTION),
                        Map.of("lynx.grpc", "lynx-grpc"));

        assertThat(messages(binding))
                .containsExactly(
                        "lynx.grpc: unknown (config.yml:10); it belongs to lynx-grpc, which is not installed",
                        "lynx.metrics.histograms: 'exotic' is not allowed (config.yml:9); one of classic, native, both",
                        "lynx.metrics.port: unknown (config.yml:8); did you mean 'lynx.metrics.prometheus.port'?",
                        "lynx.shutdown.graceful: 'yes' is neither true nor false (config.yml:4); write true or false",
                        "lynx.shutdown.timeout: '20m' is out of range (config.yml:3); 1s to 10m",
                        "lynx.shutdwon: unknown (config.yml:5); did you mean 'shutdown'?");
    }
}
