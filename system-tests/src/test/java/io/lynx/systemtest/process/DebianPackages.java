package io.lynx.systemtest.process;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * Finds the programs of Debian packages that tests need: on the PATH, in the folders of system programs, in the cache of the
 * user, or else in the packages of Debian, which it downloads together with the libraries that are missing and unpacks into
 * that cache. Nothing is installed, so no daemon starts and no root is needed. Several processes may search at once.
 */
public final class DebianPackages {
    /** The system property that aborts tests that need a program that cannot be obtained, instead of failing them. */
    public static final String OFFLINE = "system-tests.offline";

    private static final List<String> FOLDERS = List.of("usr/sbin", "usr/bin", "sbin", "bin");
    private static final Duration DOWNLOAD_TIME = Duration.ofMinutes(3);

    private final Map<String, String> environment;

    private DebianPackages(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The packages, as far as this process can reach them. */
    public static DebianPackages system() {
        return in(System.getenv());
    }

    /** The packages, with other environment variables. */
    public static DebianPackages in(Map<String, String> environment) {
        return new DebianPackages(Map.copyOf(environment));
    }

    /**
     * Returns the program {@code name} of the package {@code packageName}.
     *
     * @throws AssertionError if it cannot be obtained; or a {@link TestAbortedException} if {@value #OFFLINE} is true
     */
    public DebianProgram program(String name, String packageName) throws InterruptedException {
        String problem;
        try {
            Optional<Path> onPath = onPath(name);
            return onPath.isPresent() ? DebianProgram.installed(onPath.get()) : cached(name, packageName);
        } catch (UnavailableException e) {
            problem = e.getMessage();
        } catch (UncheckedIOException e) {
            problem = String.valueOf(e.getCause());
        }
        throw unavailable(name + ": not on the PATH, and " + problem + "; install the Debian package " + packageName
                + ", or run without these tests: -D" + OFFLINE + "=true");
    }

    /**
     * Ends a test that cannot run: aborts it if {@value #OFFLINE} is true, and fails it otherwise.
     *
     * @return never
     */
    public static AssertionError unavailable(String message) {
        if (Boolean.getBoolean(OFFLINE)) {
            throw new TestAbortedException(message);
        }
        throw new AssertionError(message);
    }

    private Optional<Path> onPath(String name) {
        List<String> folders =
                new ArrayList<>(List.of(environment.getOrDefault("PATH", "").split(File.pathSeparator)));
        folders.addAll(List.of("/usr/local/sbin", "/usr/sbin"));
        return folders.stream()
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Path cache() {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = caches.isEmpty()
                ? Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".cache")
                : Path.of(caches);
        return base.resolve("lynx");
    }

    /** One thread of one process at a time looks into the cache, and downloads what it lacks. */
    private DebianProgram cached(String name, String packageName) throws InterruptedException {
        Path cache = cache();
        Path home = cache.resolve(packageName);
        synchronized (DebianPackages.class) {
            try {
                Files.createDirectories(cache);
                try (FileChannel channel = FileChannel.open(
                                cache.resolve(packageName + ".lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                        FileLock _ = channel.lock()) {
                    Optional<Path> found = programIn(home, name);
                    if (found.isEmpty()) {
                        Folders.delete(home);
                        download(packageName, cache, home);
                        found = programIn(home, name);
                    }
                    return DebianProgram.unpacked(
                            found.orElseThrow(() -> new UnavailableException(
                                    "the Debian package " + packageName + " does not contain it")),
                            home);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Optional<Path> programIn(Path home, String name) {
        return FOLDERS.stream()
                .map(folder -> home.resolve(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void download(String packageName, Path cache, Path home) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(cache, "download-");
        try {
            List<String> command = new ArrayList<>(List.of("apt-get", "download", packageName));
            command.addAll(missingLibraries(packageName, work));
            run(work, command);
            Path unpacked = Files.createDirectory(work.resolve("unpacked"));
            for (Path file : Folders.files(work, ".deb")) {
                run(work, List.of("dpkg-deb", "-x", file.toString(), unpacked.toString()));
            }
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(work);
        }
    }

    /** Returns the library packages that an installation would add. */
    private static List<String> missingLibraries(String packageName, Path work) throws InterruptedException {
        List<String> simulate = List.of("apt-get", "install", "--simulate", "--no-install-recommends", packageName);
        Command.Result plan = Command.run(work, DOWNLOAD_TIME, simulate);
        if (!plan.isSuccess()) {
            // A fresh container has no lists of packages yet.
            run(work, List.of("apt-get", "update"));
            plan = new Command.Result(0, run(work, simulate));
        }
        return plan.output()
                .lines()
                .filter(line -> line.startsWith("Inst lib") && !line.startsWith("Inst libjs"))
                .map(line -> line.split(" ")[1])
                .toList();
    }

    private static String run(Path directory, List<String> command) throws InterruptedException {
        Command.Result result;
        try {
            result = Command.run(directory, DOWNLOAD_TIME, command);
        } catch (UncheckedIOException e) {
            throw new UnavailableException("'" + String.join(" ", command) + "' cannot be run: " + e.getCause());
        }
        if (!result.isSuccess()) {
            throw new UnavailableException("'" + String.join(" ", command) + "' failed with " + result.code() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    private static final class UnavailableException extends RuntimeException {
        UnavailableException(String message) {
            super(message);
        }
    }
}
