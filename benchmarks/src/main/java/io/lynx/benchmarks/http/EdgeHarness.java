package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.http.VariantLoad.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what the usual interceptors cost, and what it costs to know the caller: a route without any interceptor; the same route with
 * those that every server has (request context, metrics, deadline); with an access log that is written to a file and CORS as well; with
 * these and a JWT that was verified before; with these and a JWT that is verified for each request (RS256). All of them receive the same
 * token. The services run on one processor, {@code wrk} on another. Options: those of {@link VariantLoad}.
 */
public final class EdgeHarness {
    private static final String HEAP = "-Xmx512m";

    private EdgeHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup");
        Path folder = Files.createTempDirectory("lynx-edge-");
        try (TokenIssuer issuer = new TokenIssuer()) {
            VariantLoad load = new VariantLoad(
                    options,
                    Wrk.on(1, List.of("Authorization: Bearer " + issuer.token())),
                    program -> Child.startOn(0, program, HEAP),
                    variants(folder, issuer));
            load.run();
            System.out.println(Machine.describe());
            load.print("Interceptors (the goals: 0.75 with access log and CORS, 0.65 with a JWT verified before)");
        } finally {
            delete(folder);
        }
    }

    private static List<Variant> variants(Path folder, TokenIssuer issuer) throws IOException {
        Program none = Program.service("no interceptor", GreetingService.class);
        String[] secured = {
            "--lynx.security.issuers.main.issuer=" + issuer.url(),
            "--lynx.security.issuers.main.jwks_url=" + issuer.url() + "/keys",
            "--lynx.security.issuers.main.audiences=benchmark"
        };
        return List.of(
                new Variant(none, "/bare/hello"),
                new Variant(Program.service("those of every server", GreetingService.class), "/hello"),
                new Variant(logging("with access log and CORS", folder), "/hello"),
                new Variant(logging("and a JWT verified before", folder).with(secured), "/hello"),
                new Variant(
                        logging("and a JWT verified each time", folder)
                                .with(secured)
                                .with("--lynx.security.cache_time=0s"),
                        "/hello"));
    }

    private static Program logging(String name, Path folder) throws IOException {
        return Program.service(name, GreetingService.class)
                .withOption("-Dlogback.configurationFile=" + toFile(folder, name.replace(' ', '-')))
                .with("--lynx.http.access_log=json", "--lynx.http.cors.allowed_origins=https://shop.example");
    }

    /** Returns a configuration of Logback that writes the access log to a file of this name. */
    private static Path toFile(Path folder, String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".xml"), """
                <configuration>
                    <appender name="ACCESS" class="ch.qos.logback.core.FileAppender">
                        <file>FILE</file>
                        <encoder><pattern>%d %msg %kvp%n</pattern></encoder>
                    </appender>
                    <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                        <encoder><pattern>%d %level %logger %msg %kvp%n</pattern></encoder>
                    </appender>
                    <logger name="lynx.access" additivity="false"><appender-ref ref="ACCESS"/></logger>
                    <root level="INFO"><appender-ref ref="OUT"/></root>
                </configuration>
                """.replace(
                        "FILE", folder.resolve(name + ".log").toString()));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
