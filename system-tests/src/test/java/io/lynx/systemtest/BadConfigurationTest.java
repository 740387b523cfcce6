package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot start says why, everything at once, and what to do; and exits so that a script can tell the cases apart. */
@Execution(ExecutionMode.CONCURRENT)
final class BadConfigurationTest {
    private static final int CONFIGURATION = 78;
    private static final int UNAVAILABLE = 69;

    @Test
    void everyProblemIsReportedAtOnce() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING").file("config.yml", """
                lynx:
                  application:
                    name: system-test
                    version: 1.0.0
                  shutdown:
                    timeout: "30"
                    timout: 30s
                  startup:
                    timeout: 5h
                  metrics:
                    prometheus:
                      port: 70000
                """);

        assertRefused(
                launch,
                "lynx.shutdown.timeout: '30' is not a duration (config.yml:6); write '30s'",
                "lynx.shutdown.timout: unknown (config.yml:7); did you mean 'timeout'?",
                "lynx.startup.timeout: '5h'",
                "lynx.metrics.prometheus.port: '70000'");
    }

    @Test
    void anInvalidVariableIsNamed() throws Exception {
        Launch launch = Services.scripted("good=NOTHING/NOTHING").variable("LYNX_SHUTDOWN_TIMEOUT", "30");

        assertRefused(launch, "lynx.shutdown.timeout: '30' is not a duration (env LYNX_SHUTDOWN_TIMEOUT); write '30s'");
    }

    @Test
    void aMissingNameIsReported() throws Exception {
        assertRefused(
                Services.scripted("good=NOTHING/NOTHING").file("config.yml", "lynx: {}"),
                "lynx.application.name",
                "lynx.application.version");
    }

    @Test
    void brokenYamlIsReportedWithItsLine() throws Exception {
        assertRefused(
                Services.scripted("good=NOTHING/NOTHING").file("config.yml", "lynx:\n  application: [unclosed\n"),
                "config.yml");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        assertRefused(
                Services.scripted("good=NOTHING/NOTHING").arguments("--config", "nowhere/here.yml"),
                "nowhere/here.yml");
    }

    @Test
    void anUnreadableFileIsNamed() throws Exception {
        Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads everything");
        Launch launch = Services.scripted("good=NOTHING/NOTHING");
        var secret = Files.createTempFile(
                "lynx-unreadable-",
                ".yml",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("-w-------")));
        try {
            assertRefused(launch.arguments("--config", secret.toString()), secret.toString());
        } finally {
            Files.delete(secret);
        }
    }

    @Test
    void aDirectoryIsNotAFile() throws Exception {
        assertRefused(Services.scripted("good=NOTHING/NOTHING").arguments("--config", "/tmp"), "/tmp");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a>b=NOTHING/NOTHING;b>c=NOTHING/NOTHING;c>a=NOTHING/NOTHING | a → b → c → a
            a>nobody=NOTHING/NOTHING                                    | nobody
            a!b=NOTHING/NOTHING;b=NOTHING/NOTHING                       | conflict
            a>b~^2.0=NOTHING/NOTHING;b@1.4.0=NOTHING/NOTHING            | 1.4.0
            twin=NOTHING/NOTHING;twin=NOTHING/NOTHING                   | twin
            """)
    void pluginsThatCannotWorkTogetherAreRefused(String script, String expected) throws Exception {
        assertRefused(Services.scripted(script.split(";")), expected);
    }

    @Test
    void problemsOfPluginsAndKeysAreReportedTogether() throws Exception {
        assertRefused(
                Services.scripted("a>nobody=NOTHING/NOTHING", "b>nothing=NOTHING/NOTHING")
                        .arguments("--lynx.shutdown.timeout=soon"),
                "nobody",
                "nothing",
                "lynx.shutdown.timeout: 'soon'");
    }

    @Test
    void anInvalidHostIsReportedWithItsKeyAndSource() throws Exception {
        assertRefused(
                Services.http().arguments("--lynx.http.host=127.0.0.1:8080", "--lynx.metrics.prometheus.host=a b"),
                "lynx.http.host: '127.0.0.1:8080' is not a host",
                "(--lynx.http.host)",
                "without a port",
                "lynx.metrics.prometheus.host: 'a b' is not a host");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nowhere.invalid | lynx.http.host: 'nowhere.invalid' cannot be resolved (
            203.0.113.7     | lynx.http.host: '203.0.113.7' is not an address of this machine (
            """)
    void aHostOfAnotherMachineIsReportedWithItsKeyAndTheRemedy(String host, String expected) throws Exception {
        try (ServiceProcess service =
                Services.http().variable("LYNX_HTTP_HOST", host).start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(UNAVAILABLE);

            assertThat(service.output().text())
                    .contains(expected + "env LYNX_HTTP_HOST); an address of this machine, or 0.0.0.0 for all of them")
                    .doesNotContain("system-test ready");
        }
    }

    @Test
    void aTakenPortIsReportedWithItsKeyAndTheRemedy() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServiceProcess service = Services.http()
                        .arguments("--lynx.http.port=" + taken.getLocalPort())
                        .start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(UNAVAILABLE);

            assertThat(service.output().text())
                    .contains("" + taken.getLocalPort(), "lynx.http.port", "in use")
                    .doesNotContain("system-test ready", "\\tat ", "\"exception\"");
        }
    }

    @Test
    void aTakenManagementPortIsReportedWithItsKeyAndTheRemedy() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServiceProcess service = Services.http()
                        .arguments("--lynx.metrics.prometheus.port=" + taken.getLocalPort())
                        .start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(UNAVAILABLE);

            assertThat(service.output().text())
                    .contains("" + taken.getLocalPort(), "lynx.metrics.prometheus.port", "in use")
                    .doesNotContain("\\tat ");
        }
    }

    private static void assertRefused(Launch launch, String... expected) throws InterruptedException {
        try (ServiceProcess service = launch.start()) {
            assertThat(service.awaitExit().code()).as(service.output().text()).isEqualTo(CONFIGURATION);

            assertThat(service.output().text())
                    .contains(expected)
                    .doesNotContain("\tat ", "script good starts", "system-test ready");
        }
    }
}
