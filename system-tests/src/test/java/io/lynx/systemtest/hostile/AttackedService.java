package io.lynx.systemtest.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.app.TargetService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A service with a heap of 256 MB. While an attack on it lasts, every request of another client succeeds within two seconds;
 * afterwards nothing is left of it.
 */
final class AttackedService implements AutoCloseable {
    private static final Duration SLOWEST = Duration.ofSeconds(2);

    private static final int BUSY_FACTOR = 50;
    private static final int CALM_REQUESTS = 5;

    /** Heap, direct memory, and what the JVM itself needs. */
    private static final long MOST_RESIDENT = (256L + 128 + 160) << 20;

    private final ServiceProcess service;
    private final String url;
    private final HttpClient.Builder clients =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
    private final AttackTarget target;

    private AttackedService(ServiceProcess service, int port, @Nullable SSLContext trusting) {
        this.service = service;
        this.target = new AttackTarget(port, trusting);
        this.url = (trusting == null ? "http" : "https") + "://127.0.0.1:" + port + "/ok";
        if (trusting != null) {
            clients.sslContext(trusting);
        }
    }

    /**
     * Starts it.
     *
     * @param certificate for TLS; null for clear text
     */
    static AttackedService start(@Nullable LoopbackCertificate certificate) throws Exception {
        String tls = certificate == null
                ? ""
                : ", tls: {certificate: " + certificate.certificate() + ", key: " + certificate.key() + "}";
        ServiceProcess process = Launch.of(TargetService.class)
                .withoutClassPath("/examples/")
                .options("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxDirectMemorySize=128m")
                .file("config.yml", """
                    lynx:
                      application: {name: target, version: 1.0.0}
                      http: {host: 127.0.0.1, port: 0, max_connections: 20000%s}
                      metrics: {prometheus: {host: 127.0.0.1, port: 0}}
                    """.formatted(tls))
                .start();
        AttackedService attacked = new AttackedService(
                process,
                Services.awaitHttp(process).getPort(),
                certificate == null ? null : certificate.clientContext());
        // What the first requests load and start does not count.
        for (int i = 0; i < 20; i++) {
            assertThat(attacked.ask()).isNotNegative();
        }
        return attacked;
    }

    AttackTarget target() {
        return target;
    }

    /** Lets an attack run for {@code time}; fails if another client or the service suffers. */
    void withstand(Attack attack, Duration time) throws Exception {
        Duration slowest = slowest();
        Holdings before = Holdings.of(service);
        ConcurrentLinkedQueue<Duration> durations = new ConcurrentLinkedQueue<>();
        List<Attacker> opened = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService attacker = Executors.newSingleThreadExecutor()) {
            var attacking = attacker.submit(() -> {
                attack.action().run(end, opened);
                return null;
            });
            while (!attacking.isDone()) {
                durations.add(Duration.ofNanos(ask()));
                Thread.sleep(50);
            }
            attacking.get(1, TimeUnit.SECONDS);
        } finally {
            for (Attacker each : opened) {
                // A reset, so that the server need not read first what waits in its sockets.
                each.reset();
            }
        }

        assertThat(service.isAlive()).as(service.output().text()).isTrue();
        assertThat(durations).isNotEmpty().allMatch(duration -> duration.compareTo(slowest) <= 0);
        assertThat(residentBytes()).isLessThan(MOST_RESIDENT);
        report(attack, opened.size(), durations);
        before.awaitReturn(service);
    }

    /** Returns the bound for one request: two seconds, or more where a machine that is busy needs long without an attack. */
    private Duration slowest() throws Exception {
        long calm = 0;
        for (int i = 0; i < CALM_REQUESTS; i++) {
            calm = Math.max(calm, ask());
        }
        Duration bound = Duration.ofNanos(calm).multipliedBy(BUSY_FACTOR);
        return bound.compareTo(SLOWEST) > 0 ? bound : SLOWEST;
    }

    private void report(Attack attack, int opened, ConcurrentLinkedQueue<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        System.out.printf(
                "hostile client%s: %s, %d connections: %d requests of another client, median %d ms, p99 %d ms,"
                        + " slowest %d ms%n",
                target.trusting() == null ? "" : " over TLS",
                attack.name(),
                opened,
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get((int) (sorted.size() * 0.99)).toMillis(),
                sorted.getLast().toMillis());
    }

    /** Sends a request on a new connection; returns how long the answer took. */
    private long ask() throws Exception {
        long start = System.nanoTime();
        try (HttpClient client = clients.build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            int status = client.send(request, BodyHandlers.ofString()).statusCode();
            if (status != 200) {
                throw service.failure("GET /ok: " + status);
            }
            return System.nanoTime() - start;
        }
    }

    private long residentBytes() throws Exception {
        String line = Files.readAllLines(Path.of("/proc", "" + service.pid(), "status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }

    @Override
    public void close() {
        service.close();
    }

    /** What the process holds. */
    private record Holdings(long threads, long descriptors) {
        /** Threads of pools and of the JVM itself that come and go. */
        private static final int SLACK = 12;

        static Holdings of(ServiceProcess service) throws Exception {
            Path process = Path.of("/proc", "" + service.pid());
            return new Holdings(count(process.resolve("task")), count(process.resolve("fd")));
        }

        private static long count(Path folder) throws IOException {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.count();
            }
        }

        /** Waits until the process holds no more than now. */
        void awaitReturn(ServiceProcess service) {
            Await.asserted("it holds as little as before the attack", Duration.ofSeconds(60), () -> {
                Holdings now = of(service);
                assertThat(now.threads).as("%s, before %s", now, this).isLessThanOrEqualTo(threads + SLACK);
                assertThat(now.descriptors).as("%s, before %s", now, this).isLessThanOrEqualTo(descriptors + SLACK);
            });
        }
    }
}
