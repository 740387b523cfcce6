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

/**
 * Measures what the usual interceptors cost: a route without any of them, the same route with those that every server has (request
 * context, metrics, deadline), and with an access log that is written to a file and CORS as well. The services run on one processor,
 * {@code wrk} on another. Options: those of {@link VariantLoad}.
 */
public final class EdgeHarness {
    private static final String HEAP = "-Xmx512m";

    private EdgeHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup");
        Path folder = Files.createTempDirectory("lynx-edge-");
        try {
            VariantLoad load =
                    new VariantLoad(options, Wrk.on(1), program -> Child.startOn(0, program, HEAP), variants(folder));
            load.run();
            System.out.println(Machine.describe());
            load.print("Interceptors (the goal for all of them is 0.75)");
        } finally {
            Files.deleteIfExists(folder.resolve("access.log"));
            Files.deleteIfExists(folder.resolve("logback.xml"));
            Files.delete(folder);
        }
    }

    private static List<Variant> variants(Path folder) throws IOException {
        Program logging = Program.service("with access log and CORS", GreetingService.class)
                .withOption("-Dlogback.configurationFile=" + toFile(folder))
                .with("--lynx.http.access_log=json", "--lynx.http.cors.allowed_origins=https://shop.example");
        return List.of(
                new Variant(Program.service("no interceptor", GreetingService.class), "/bare/hello"),
                new Variant(Program.service("those of every server", GreetingService.class), "/hello"),
                new Variant(logging, "/hello"));
    }

    /** Returns a configuration of Logback that writes the access log to a file. */
    private static Path toFile(Path folder) throws IOException {
        return Files.writeString(folder.resolve("logback.xml"), """
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
                        "FILE", folder.resolve("access.log").toString()));
    }
}
