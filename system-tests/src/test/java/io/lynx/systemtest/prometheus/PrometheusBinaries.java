package io.lynx.systemtest.prometheus;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * The programs {@code prometheus} and {@code promtool}: those on the PATH, else those in the cache of the user, else Debian's
 * package, which is downloaded and unpacked into that cache, not installed. Safe to be looked for by several processes at
 * once.
 *
 * @param prometheus the server
 * @param promtool its companion
 * @param version what they say of themselves
 */
public record PrometheusBinaries(Path prometheus, Path promtool, String version) {
    /** The system property that lets tests that need what cannot be had be aborted instead of fail. */
    public static final String OFFLINE = "lynx.system-tests.offline";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DOWNLOAD_PATIENCE = Duration.ofMinutes(3);

    /**
     * Finds or fetches them.
     *
     * @throws AssertionError if they cannot be had; or a {@link TestAbortedException} if {@value #OFFLINE} is true
     */
    public static PrometheusBinaries find() throws InterruptedException {
        return find(System.getenv());
    }

    static PrometheusBinaries find(Map<String, String> environment) throws InterruptedException {
        String problem;
        try {
            Optional<PrometheusBinaries> onPath = onPath(environment.getOrDefault("PATH", ""));
            return onPath.isPresent() ? onPath.get() : cached(cache(environment));
        } catch (UnavailableException e) {
            problem = e.getMessage();
        } catch (UncheckedIOException e) {
            problem = "" + e.getCause();
        }
        String message = "prometheus: not on the PATH, and " + problem
                + "; install Prometheus 2.42 or later so that prometheus and promtool are on the PATH, or run without these"
                + " tests by -D" + OFFLINE + "=true";
        if (Boolean.getBoolean(OFFLINE)) {
            throw new TestAbortedException(message);
        }
        throw new AssertionError(message);
    }

    /** Runs promtool in a directory. */
    public Command.Result promtool(Path directory, Duration atMost, Stream<String> arguments)
            throws InterruptedException {
        List<String> command =
                Stream.concat(Stream.of(promtool.toString()), arguments).toList();
        return Command.run(directory, atMost, command);
    }

    /** What {@code promtool check metrics} says of a scrape in text form: failure if it does not parse, or has lint. */
    public Command.Result checkMetrics(String scrape) throws InterruptedException {
        return Command.run(Ops.ROOT, PATIENCE, scrape, List.of(promtool.toString(), "check", "metrics"));
    }

    private static Optional<PrometheusBinaries> onPath(String path) throws InterruptedException {
        for (String folder : path.split(File.pathSeparator)) {
            Path candidate = Path.of(folder);
            if (Files.isExecutable(candidate.resolve("prometheus"))
                    && Files.isExecutable(candidate.resolve("promtool"))) {
                return Optional.of(in(candidate));
            }
        }
        return Optional.empty();
    }

    private static Path cache(Map<String, String> environment) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = caches.isEmpty()
                ? Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache")
                : Path.of(caches);
        return base.resolve("lynx");
    }

    /** One thread of one process at a time looks, and downloads if there is nothing. */
    private static synchronized PrometheusBinaries cached(Path cache) throws InterruptedException {
        Path home = cache.resolve("prometheus");
        try {
            Files.createDirectories(cache);
            try (FileChannel channel = FileChannel.open(
                            cache.resolve("prometheus.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                Path programs = home.resolve("usr/bin");
                if (!Files.isExecutable(programs.resolve("promtool"))) {
                    Ops.delete(home);
                    download(cache, home);
                }
                return in(programs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void download(Path cache, Path home) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(cache, "download-");
        try {
            run(work, DOWNLOAD_PATIENCE, "apt-get", "download", "prometheus");
            List<Path> packages = Ops.files(work, ".deb");
            if (packages.size() != 1) {
                throw new UnavailableException("'apt-get download prometheus' brought " + packages);
            }
            Path unpacked = work.resolve("unpacked");
            run(work, DOWNLOAD_PATIENCE, "dpkg-deb", "-x", packages.getFirst().toString(), unpacked.toString());
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Ops.delete(work);
        }
    }

    private static PrometheusBinaries in(Path folder) throws InterruptedException {
        Path prometheus = folder.resolve("prometheus");
        Path promtool = folder.resolve("promtool");
        String version = run(folder, PATIENCE, prometheus.toString(), "--version");
        run(folder, PATIENCE, promtool.toString(), "--version");
        return new PrometheusBinaries(
                prometheus, promtool, version.lines().findFirst().orElse("").strip());
    }

    private static String run(Path directory, Duration atMost, String... command) throws InterruptedException {
        Command.Result result;
        try {
            result = Command.run(directory, atMost, List.of(command));
        } catch (UncheckedIOException e) {
            throw new UnavailableException("'" + String.join(" ", command) + "' cannot be run: " + e.getCause());
        }
        if (!result.isSuccess()) {
            throw new UnavailableException("'" + String.join(" ", command) + "' failed with " + result.code() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    /** There is no Prometheus, and why. */
    private static final class UnavailableException extends RuntimeException {
        UnavailableException(String message) {
            super(message);
        }
    }
}
