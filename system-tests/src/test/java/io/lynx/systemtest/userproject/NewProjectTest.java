package io.lynx.systemtest.userproject;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.systemtest.process.Signal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A project that {@code ./build new} writes builds, passes its tests, serves and shuts down, with Lynx from the distribution alone. */
@Timeout(600)
final class NewProjectTest {
    private static final Map<String, String> SURROUNDINGS = Map.of(
            "JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")),
            "LYNX_HTTP_PORT", "0",
            "LYNX_METRICS_PORT", "0");

    @TempDir
    private Path folder;

    @Test
    void buildsTestsRunsAndStops() throws Exception {
        Path project = folder.resolve("greeter");
        UserMaven maven = UserMaven.in(folder);
        Command.Result written = Command.run(
                UserMaven.ROOT,
                Duration.ofMinutes(1),
                List.of(
                        UserMaven.ROOT.resolve("build").toString(),
                        "new",
                        "greeter",
                        "--dir",
                        project.toString(),
                        "--group",
                        "org.acme",
                        "--plugins",
                        "micrometer,opentelemetry"));
        assertThat(written.isSuccess()).as(written.output()).isTrue();

        refuseWarnings(project.resolve("pom.xml"));

        String output = maven.run(project, Duration.ofMinutes(4), "verify");

        assertThat(output).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
        assertServes(copy(project, "by-launcher"), "./run");
        // Without any flag of the JVM, the manifest alone prevents warnings.
        assertServes(copy(project, "by-jar"), Launch.java(), "-jar", "target/greeter.jar");
    }

    /** Makes warnings of the compiler errors, as strict projects do. */
    private static void refuseWarnings(Path pom) throws Exception {
        String strict = Files.readString(pom).replace("</project>", """
                    <build>
                        <plugins>
                            <plugin>
                                <artifactId>maven-compiler-plugin</artifactId>
                                <configuration>
                                    <compilerArgs>
                                        <arg>-Xlint:all</arg>
                                        <arg>-Werror</arg>
                                    </compilerArgs>
                                </configuration>
                            </plugin>
                        </plugins>
                    </build>
                </project>
                """);
        Files.writeString(pom, strict);
    }

    /** The process removes its folder when it is closed. */
    private Path copy(Path project, String name) throws Exception {
        Path copy = folder.resolve(name);
        Command.Result copied =
                Command.run(folder, Duration.ofMinutes(1), List.of("cp", "-r", project.toString(), copy.toString()));
        assertThat(copied.isSuccess()).as(copied.output()).isTrue();
        return copy;
    }

    private static void assertServes(Path project, String... command) throws Exception {
        try (ServiceProcess service = Launch.program(project, SURROUNDINGS, command);
                HttpClient client = HttpClient.newHttpClient()) {
            int port = Services.awaitHttp(service).getPort();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hello/Ada"))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("{\"message\":\"Hello, Ada\"}");

            long _ = service.signal(Signal.TERM);

            assertThat(service.awaitExit().code()).isEqualTo(Signal.TERM.exitCode());
            assertThat(service.output().text())
                    .contains("\"message\":\"Stopped\"")
                    .doesNotContain("WARN");
        }
    }

    @Test
    void writesNothingIfAnArgumentIsInvalid() throws Exception {
        Path project = folder.resolve("greeter");

        Command.Result refused = Command.run(
                UserMaven.ROOT,
                Duration.ofMinutes(1),
                List.of(
                        UserMaven.ROOT.resolve("build").toString(),
                        "new",
                        "Greeter",
                        "--dir",
                        project.toString(),
                        "--plugins",
                        "jpa"));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.output())
                .contains("new: 'Greeter' is not a name; lower-case letters, digits and dashes are allowed")
                .contains(
                        "new: --plugins: 'jpa' is not a plugin; there are: admin, grpc, jdbc, kafka, micrometer, openapi, opentelemetry, redis, security, validation");
        assertThat(Files.exists(project)).isFalse();
    }
}
