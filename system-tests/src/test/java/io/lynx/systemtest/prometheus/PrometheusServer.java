package io.lynx.systemtest.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.process.Folders;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Prometheus server of its own process, on a free port of this machine, with storage that is removed at the end. It
 * scrapes and evaluates every second. Thread-safe.
 */
public final class PrometheusServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Pattern LISTENING = Pattern.compile("msg=\"Listening on\" address=127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path directory;
    private final PrometheusApi api;

    private PrometheusServer(Process process, Path directory) throws InterruptedException {
        this.process = process;
        this.directory = directory;
        this.api = new PrometheusApi(URI.create("http://127.0.0.1:" + awaitPort()));
        awaitReady();
    }

    /** Begins to say what a server is to do. */
    public static Builder with(PrometheusBinaries binaries) {
        return new Builder(binaries);
    }

    /** What it can be asked. */
    public PrometheusApi api() {
        return api;
    }

    /** What it has logged. */
    public String log() {
        return Ops.read(directory.resolve("log.txt"));
    }

    /** Waits until every target has been scraped with success. */
    public void awaitTargets() throws InterruptedException {
        await("targets up", () -> {
            List<PrometheusApi.Target> targets = api.targets();
            return !targets.isEmpty() && targets.stream().allMatch(PrometheusApi.Target::isUp);
        });
    }

    /** Waits until an alert of that name fires. */
    public void awaitFiring(String alert) throws InterruptedException {
        await(alert + " firing", () -> api.firing().contains(alert));
    }

    /** Waits until no alert of that name fires any more. */
    public void awaitQuiet(String alert) throws InterruptedException {
        await(alert + " quiet", () -> !api.firing().contains(alert));
    }

    /** Waits until an expression has a result. */
    public List<Sample> awaitData(String expression) throws InterruptedException {
        await("data of " + expression, () -> !api.query(expression).isEmpty());
        return api.query(expression);
    }

    /** Waits for a condition; fails with the targets, the alerts and the log if it does not come to hold. */
    public void await(String what, Callable<Boolean> condition) throws InterruptedException {
        try {
            Await.until("there is " + what, PATIENCE, Duration.ofMillis(100), condition);
        } catch (AssertionError failure) {
            throw new AssertionError(
                    failure.getMessage() + "\n" + api.targets() + "\n" + api.alerts() + "\n" + log(), failure);
        }
    }

    /** Ends it, by force if it does not end by itself, and removes its storage. */
    @Override
    public void close() {
        api.close();
        process.destroy();
        try {
            if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Folders.delete(directory);
    }

    private int awaitPort() {
        AtomicInteger port = new AtomicInteger();
        Await.asserted("Prometheus listens", PATIENCE, () -> {
            String log = log();
            Matcher listening = LISTENING.matcher(log);
            assertThat(listening.find()).as(log).isTrue();
            port.set(Integer.parseInt(listening.group(1)));
        });
        return port.get();
    }

    private void awaitReady() {
        Await.asserted("Prometheus is ready", PATIENCE, () -> assertThat(api.isReady())
                .as(log())
                .isTrue());
    }

    /** Collects what a server is to do. Not thread-safe. */
    public static final class Builder {
        private final PrometheusBinaries binaries;
        private final List<String> features = new ArrayList<>();
        private final StringBuilder jobs = new StringBuilder();
        private final List<Path> rules = new ArrayList<>();

        private Builder(PrometheusBinaries binaries) {
            this.binaries = binaries;
        }

        /** The targets of a job, scraped at {@code /metrics}. */
        public Builder scrape(String job, InetSocketAddress... addresses) {
            String targets = Stream.of(addresses)
                    .map(each -> "\"" + each.getAddress().getHostAddress() + ":" + each.getPort() + "\"")
                    .collect(Collectors.joining(", "));
            jobs.append("""
                  - job_name: %s
                    static_configs:
                      - targets: [%s]
                """.formatted(job, targets));
            return this;
        }

        /** A file of rules; {@link Rules#quick} makes ones that fire within seconds. */
        public Builder rules(Path file) {
            rules.add(file.toAbsolutePath());
            return this;
        }

        /** Scrapes protobuf and stores native histograms. */
        public Builder nativeHistograms() {
            features.add("native-histograms");
            return this;
        }

        /** Stores exemplars. */
        public Builder exemplars() {
            features.add("exemplar-storage");
            return this;
        }

        /** Starts it, and waits until it answers; the caller closes it. */
        public PrometheusServer start() throws InterruptedException {
            try {
                Path directory = Files.createTempDirectory("lynx-prometheus-");
                Ops.write(directory.resolve("prometheus.yml"), config());
                List<String> command = new ArrayList<>(List.of(
                        binaries.prometheus().toString(),
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:0"));
                if (!features.isEmpty()) {
                    command.add("--enable-feature=" + String.join(",", features));
                }
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log.txt").toFile())
                        .start();
                try {
                    return new PrometheusServer(process, directory);
                } catch (Throwable e) {
                    process.destroyForcibly();
                    throw e;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String config() {
            var config = new StringBuilder("""
                global:
                  scrape_interval: 1s
                  scrape_timeout: 1s
                  evaluation_interval: 1s
                """);
            if (!rules.isEmpty()) {
                config.append("rule_files:\n");
                rules.forEach(file -> config.append("  - ").append(file).append('\n'));
            }
            if (!jobs.isEmpty()) {
                config.append("scrape_configs:\n").append(jobs);
            }
            return config.toString();
        }
    }
}
