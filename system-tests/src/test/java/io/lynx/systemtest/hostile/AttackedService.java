package io.lynx.systemtest.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.app.TargetService;
import io.lynx.systemtest.process.Command;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import io.lynx.testkit.LoopbackCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

    /** What the pools of buffers may keep for later, of the 128 MB that they may use. */
    private static final long MOST_DIRECT = 64L << 20;

    private static final long HEAP_SLACK = 24L << 20;

    /** Threads of pools and of the JVM itself, with their descriptors, that come and go. */
    private static final int SLACK = 12;

    /** A busy machine takes long for what an attack has left in the buffers of the sockets. */
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final ServiceProcess service;
    private final Footprint atFirst;
    private final String url;
    private final HttpClient.Builder clients =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
    private final AttackTarget target;

    private AttackedService(ServiceProcess service, int port, @Nullable SSLContext trusting) throws Exception {
        this.service = service;
        this.target = new AttackTarget(port, trusting);
        this.url = (trusting == null ? "http" : "https") + "://127.0.0.1:" + port + "/ok";
        if (trusting != null) {
            clients.sslContext(trusting);
        }
        this.atFirst = warmUp();
    }

    /** Measures what it holds when the first requests have loaded and started what they need. */
    private Footprint warmUp() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).isNotNegative();
        }
        collectGarbage();
        return Footprint.of(service);
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
        boolean isStarted = false;
        try {
            AttackedService attacked = new AttackedService(
                    process,
                    Services.awaitHttp(process).getPort(),
                    certificate == null ? null : certificate.clientContext());
            isStarted = true;
            return attacked;
        } finally {
            if (!isStarted) {
                process.close();
            }
        }
    }

    AttackTarget target() {
        return target;
    }

    /** Lets an attack run for {@code time}; fails if another client or the service suffers. */
    void withstand(Attack attack, Duration time) throws Exception {
        Duration slowest = slowest();
        Footprint before = Footprint.of(service);
        long resident = 0;
        Map<String, Long> waits = Footprint.waitsForProcessor(service);
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
                resident = Math.max(resident, Footprint.residentBytes(service));
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
        Duration bound = slowest.plus(longestWait(waits));
        assertThat(durations).isNotEmpty().allMatch(duration -> duration.compareTo(bound) <= 0);
        assertThat(resident).isLessThan(MOST_RESIDENT);
        report(attack, opened.size(), durations);
        assertReturned(before);
        System.out.printf(
                "    before %s%n    at most %d MB resident%n    after %s%n",
                before, resident >> 20, Footprint.of(service));
    }

    /** Returns for how long a thread of the service has waited for a processor since then: what a busy machine adds to a request. */
    private Duration longestWait(Map<String, Long> before) throws Exception {
        return Duration.ofNanos(Footprint.waitsForProcessor(service).entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .max()
                .orElse(0));
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

    private String name() {
        return "hostile client" + (target.trusting() == null ? "" : " over TLS");
    }

    private void report(Attack attack, int opened, ConcurrentLinkedQueue<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        System.out.printf(
                "%s: %s, %d connections: %d requests of another client, median %d ms, p99 %d ms," + " slowest %d ms%n",
                name(),
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

    private void collectGarbage() throws Exception {
        Command.Result collected = Command.run(
                service.directory(),
                PATIENCE,
                List.of(
                        Path.of(Launch.java()).resolveSibling("jcmd").toString(),
                        Long.toString(service.pid()),
                        "GC.run"));
        assertThat(collected.isSuccess()).as(collected.output()).isTrue();
    }

    /** Fails if the service holds more than before the first attack; it collects garbage for that. */
    void assertNothingIsLeft() throws Exception {
        Await.asserted("the heap is as empty as before the first attack", PATIENCE, () -> {
            collectGarbage();
            Footprint now = Footprint.of(service);
            assertThat(now.heap()).as("%s; at first %s", now, atFirst).isLessThanOrEqualTo(atFirst.heap() + HEAP_SLACK);
        });
        assertReturned(atFirst);
        System.out.printf("%s: at first %s%n    after all attacks %s%n", name(), atFirst, Footprint.of(service));
    }

    /** Waits until the service holds no more than before. */
    private void assertReturned(Footprint before) {
        Await.asserted("it holds as little as before the attack", PATIENCE, () -> {
            Footprint now = Footprint.of(service);
            assertThat(now.threads()).as("%s; before %s", now, before).isLessThanOrEqualTo(before.threads() + SLACK);
            assertThat(now.descriptors())
                    .as("%s; before %s", now, before)
                    .isLessThanOrEqualTo(before.descriptors() + SLACK);
            assertThat(now.direct()).as("%s; before %s", now, before).isLessThanOrEqualTo(MOST_DIRECT);
            assertThat(now.resident()).as("%s; before %s", now, before).isLessThan(MOST_RESIDENT);
        });
    }

    @Override
    public void close() {
        service.close();
    }
}
