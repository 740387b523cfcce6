package io.lynx.systemtest.prometheus;

import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.DebianPackages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The programs {@code prometheus} and {@code promtool}.
 *
 * @param prometheus the server
 * @param promtool the tool that checks rules and metrics
 * @param version the first line of {@code prometheus --version}
 */
public record PrometheusBinaries(Path prometheus, Path promtool, String version) {
    private static final String PACKAGE = "prometheus";
    private static final Duration TIME = Duration.ofSeconds(20);

    /**
     * Finds or downloads them.
     *
     * @throws AssertionError if they cannot be obtained; or a {@link org.opentest4j.TestAbortedException} if
     *     {@value DebianPackages#OFFLINE} is true
     */
    public static PrometheusBinaries find() throws InterruptedException {
        return find(System.getenv());
    }

    static PrometheusBinaries find(Map<String, String> environment) throws InterruptedException {
        DebianPackages packages = DebianPackages.in(environment);
        Path prometheus = packages.program("prometheus", PACKAGE).path();
        Path promtool = packages.program("promtool", PACKAGE).path();
        String version = versionOf(prometheus);
        String _ = versionOf(promtool);
        return new PrometheusBinaries(prometheus, promtool, version);
    }

    private static String versionOf(Path program) throws InterruptedException {
        Command.Result result = Command.run(Ops.ROOT, TIME, List.of(program.toString(), "--version"));
        if (!result.isSuccess()) {
            throw DebianPackages.unavailable(program + " --version: failed with " + result.code() + ": "
                    + result.output().strip() + "; install Prometheus 2.42 or later");
        }
        return result.output().lines().findFirst().orElse("").strip();
    }

    /** Runs promtool in a directory. */
    public Command.Result promtool(Path directory, Duration atMost, Stream<String> arguments)
            throws InterruptedException {
        List<String> command =
                Stream.concat(Stream.of(promtool.toString()), arguments).toList();
        return Command.run(directory, atMost, command);
    }

    /** Runs {@code promtool check metrics} on a scrape in text form; it fails if the scrape does not parse or has lint. */
    public Command.Result checkMetrics(String scrape) throws InterruptedException {
        return Command.run(Ops.ROOT, TIME, scrape, List.of(promtool.toString(), "check", "metrics"));
    }
}
