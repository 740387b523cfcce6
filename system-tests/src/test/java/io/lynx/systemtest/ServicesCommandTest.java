package io.lynx.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lynx.systemtest.house.ProjectFiles;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import io.lynx.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./build services}, and orders on two of its servers: without Kafka, the events of orders wait in the outbox. */
@Timeout(300)
final class ServicesCommandTest {
    private static final String ORDER =
            "{\"customer\": \"Ada\", \"product\": \"engine\", \"quantity\": 2, \"unitPrice\": 19.99}";

    private static final Pattern PID = Pattern.compile(", pid (\\d+)");

    @TempDir
    private Path folder;

    private ServiceProcess services(String... names) throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        List<String> command = new ArrayList<>(List.of(
                "setsid", ProjectFiles.ROOT.resolve("build").toString(), "services", "--folder", folder.toString()));
        command.addAll(List.of(names));
        return Launch.program(
                work,
                Map.of("PATH", System.getenv("PATH"), "JAVA_HOME", System.getProperty("java.home")),
                command.toArray(String[]::new));
    }

    private ServiceProcess orders(Path variables) throws Exception {
        Launch launch = Launch.of(io.lynx.examples.orders.Main.class)
                .withoutClassPath("/examples/minimal/")
                .arguments(Services.anyPorts())
                .arguments("--profile", "full")
                // A busy machine may take long for an answer of Redis, and for the start of another process.
                .arguments(
                        "--lynx.redis.connect_timeout=30s",
                        "--lynx.redis.command_timeout=30s",
                        "--orders.cache.time_to_live=10m");
        for (String line : Files.readAllLines(variables)) {
            launch = launch.variable(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return launch.start();
    }

    @Test
    void ordersRunsOnItsServersAndTheyEndWithIt() throws Exception {
        try (ServiceProcess services = services("postgres", "redis")) {
            var _ = services.awaitLine("Ctrl-C");
            List<ProcessHandle> servers = PID.matcher(services.output().text())
                    .results()
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow())
                    .toList();
            Path variables = folder.resolve("env");
            String location;
            try (ServiceProcess first = orders(variables);
                    var client = new ServiceClient(first)) {
                location = client.send("POST", "/orders", ORDER)
                        .headers()
                        .firstValue("Location")
                        .orElseThrow();
                client.await(
                        location,
                        answer -> answer.body().contains("CONFIRMED")
                                && answer.headers()
                                        .firstValue("Cache-Status")
                                        .orElse("")
                                        .equals("orders; hit"));
            }
            // Another process has nothing in its memory.
            try (ServiceProcess second = orders(variables);
                    var client = new ServiceClient(second)) {
                assertThat(client.send("GET", location, "").headers().firstValue("Cache-Status"))
                        .contains("orders; hit");
                JsonNode page = client.json("/orders");
                assertThat(page.path("orders").findValuesAsText("status")).containsExactly("CONFIRMED");
                assertThat(client.json("/health/plugins/jdbc.orders").toString())
                        .contains("PostgreSQL");
                long _ = second.signal(Signal.TERM);
                assertThat(second.awaitExit().code()).as(second.output().text()).isEqualTo(143);
            }

            assertThat(servers).hasSize(2).allMatch(ProcessHandle::isAlive);
            services.signalGroup(Signal.INT);
            assertThat(services.awaitExit().code()).isEqualTo(Signal.INT.exitCode());
            Await.until("the servers have ended", () -> servers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(variables).doesNotExist();
        }
    }

    @Test
    void anUnknownServiceIsNamed() throws Exception {
        try (ServiceProcess services = services("mongodb")) {
            assertThat(services.awaitExit().code()).isEqualTo(2);
            assertThat(services.output().text())
                    .contains("services: 'mongodb' is not a service; there are: postgres redis kafka");
        }
    }
}
