package io.lynx.systemtest.browser;

import io.lynx.systemtest.process.DebianPackages;
import io.lynx.systemtest.process.Folders;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A browser without a window and with a profile of its own, driven by its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium-headless-shell", "chromium", "google-chrome", "chromium-browser");
    private static final List<String> OPTIONS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-dev-shm-usage",
            "--disable-sync",
            "--hide-scrollbars");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on ws://([^/]+)/");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path folder;
    private final URI devTools;

    private Browser(Process process, Path folder, URI devTools) {
        this.process = process;
        this.folder = folder;
        this.devTools = devTools;
    }

    /** Finds a browser on the PATH. */
    public static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name -> Stream.of(path.split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Returns the command of a browser that draws nothing but what it is told to. */
    public static List<String> command(Path browser, Path profile, String... further) {
        return Stream.of(
                        Stream.of(browser.toString()),
                        OPTIONS.stream(),
                        Stream.of("--user-data-dir=" + profile),
                        Stream.of(further))
                .flatMap(part -> part)
                .toList();
    }

    /** Starts one; the test fails if there is none. */
    static Browser start() throws IOException {
        Path browser = find().orElseThrow(() -> DebianPackages.unavailable("none of " + NAMES
                + " is on the PATH; install the Debian package chromium, or run without these tests: -D"
                + DebianPackages.OFFLINE + "=true"));
        Path folder = Files.createTempDirectory("lynx-browser-");
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command(
                        browser,
                        folder.resolve("profile"),
                        "--remote-debugging-port=0",
                        "--window-size=1280,1600",
                        "about:blank"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return new Browser(process, folder, URI.create("http://" + address(process, log)));
        } catch (Throwable failure) {
            end(process, folder);
            throw failure;
        }
    }

    private static String address(Process process, Path log) {
        Await.until("the browser listens", PATIENCE, Duration.ofMillis(50), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the browser has ended: " + Files.readString(log));
            }
            return found(log).isPresent();
        });
        return found(log).orElseThrow().group(1);
    }

    private static Optional<MatchResult> found(Path log) {
        try {
            return LISTENING.matcher(Files.readString(log)).results().findFirst();
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /** Opens an empty page. */
    BrowserPage page() throws IOException, InterruptedException {
        return BrowserPage.open(devTools);
    }

    @Override
    public void close() {
        end(process, folder);
    }

    private static void end(Process process, Path folder) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try {
            boolean _ = process.waitFor(10, TimeUnit.SECONDS);
            for (ProcessHandle child : descendants) {
                Await.until("the browser has ended", PATIENCE, Duration.ofMillis(20), () -> !child.isAlive());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Folders.delete(folder);
    }
}
