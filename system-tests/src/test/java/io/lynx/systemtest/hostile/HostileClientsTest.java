package io.lynx.systemtest.hostile;

import static io.lynx.systemtest.load.Http2Frame.CONTINUATION;
import static io.lynx.systemtest.load.Http2Frame.DATA;
import static io.lynx.systemtest.load.Http2Frame.END_HEADERS;
import static io.lynx.systemtest.load.Http2Frame.END_STREAM;
import static io.lynx.systemtest.load.Http2Frame.HEADERS;
import static io.lynx.systemtest.load.Http2Frame.PING;
import static io.lynx.systemtest.load.Http2Frame.RST_STREAM;
import static io.lynx.systemtest.load.Http2Frame.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.app.TargetService;
import io.lynx.systemtest.process.Launch;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One service with a heap of 256 MB under one attack after the other. While an attack lasts, every request of another client
 * succeeds within two seconds; afterwards nothing is left of it.
 */
@Timeout(300)
final class HostileClientsTest {
    private static final Duration ATTACK =
            Duration.ofSeconds(System.getProperty("lynx.system-tests", "quick").equals("full") ? 20 : 4);
    private static final Duration SLOWEST = Duration.ofSeconds(2);
    private static final int INITIAL_WINDOW = 4;

    private static ServiceProcess service;
    private static int port;

    interface Attack {
        /** Runs until its time is over; what it opened is added to {@code opened}, which is closed afterwards. */
        void run(long endNanos, List<Attacker> opened) throws Exception;
    }

    record Named(String name, Attack attack) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        service = Launch.of(TargetService.class)
                .withoutClassPath("/examples/")
                .options("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:MaxDirectMemorySize=128m")
                .file("config.yml", """
                    lynx:
                      application: {name: target, version: 1.0.0}
                      http: {host: 127.0.0.1, port: 0, max_connections: 20000}
                      metrics: {prometheus: {host: 127.0.0.1, port: 0}}
                    """)
                .start();
        port = Services.awaitHttp(service).getPort();
        // What the first requests load and start does not count.
        for (int i = 0; i < 20; i++) {
            assertThat(ask()).isNotNegative();
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Named> attacks() {
        return Stream.of(
                new Named("heads that never end", HostileClientsTest::slowHeads),
                new Named("many idle connections", HostileClientsTest::idleConnections),
                new Named("pipelining without reading", HostileClientsTest::pipelining),
                new Named("resets in every state", HostileClientsTest::resets),
                new Named("streams without end and without acknowledgement", HostileClientsTest::endlessStreams),
                new Named("windows of zero", HostileClientsTest::zeroWindows),
                new Named("rapid resets of streams", HostileClientsTest::rapidResets),
                new Named("pings without reading", HostileClientsTest::pings),
                new Named("settings without reading", HostileClientsTest::settings),
                new Named("continuations without end", HostileClientsTest::continuations),
                new Named("empty frames", HostileClientsTest::emptyFrames),
                new Named("chunks of one byte", HostileClientsTest::tinyChunks));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void othersAreServedAndNothingIsLeft(Named attack) throws Exception {
        Holdings before = Holdings.of(service);
        ConcurrentLinkedQueue<Duration> durations = new ConcurrentLinkedQueue<>();
        List<Attacker> opened = new ArrayList<>();
        long end = System.nanoTime() + ATTACK.toNanos();
        try (ExecutorService attacker = Executors.newSingleThreadExecutor()) {
            var attacking = attacker.submit(() -> {
                attack.attack().run(end, opened);
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
        assertThat(durations).isNotEmpty().allMatch(duration -> duration.compareTo(SLOWEST) <= 0);
        report(attack, durations);
        before.awaitReturn(service);
    }

    private static void report(Named attack, ConcurrentLinkedQueue<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        System.out.printf(
                "hostile client: %s: %d requests of another client, median %d ms, p99 %d ms, slowest %d ms%n",
                attack.name(),
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get((int) (sorted.size() * 0.99)).toMillis(),
                sorted.getLast().toMillis());
    }

    /** Sends a request on a new connection; returns how long the answer took. */
    private static long ask() throws Exception {
        long start = System.nanoTime();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ok"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            int status = client.send(request, BodyHandlers.ofString()).statusCode();
            if (status != 200) {
                throw service.failure("GET /ok: " + status);
            }
            return System.nanoTime() - start;
        }
    }

    // The attacks.

    private static boolean isOver(long endNanos) {
        return System.nanoTime() - endNanos >= 0;
    }

    private static void slowHeads(long end, List<Attacker> opened) throws Exception {
        for (int i = 0; i < 500; i++) {
            opened.add(Attacker.connect(port).text("GET /ok HTTP/1.1\r\nHost: a\r\n"));
        }
        while (!isOver(end)) {
            opened.forEach(attacker -> attacker.text("X: y\r\n"));
            Thread.sleep(100);
        }
    }

    private static void idleConnections(long end, List<Attacker> opened) throws Exception {
        while (!isOver(end) && opened.size() < 5000) {
            opened.add(Attacker.connect(port));
        }
        while (!isOver(end)) {
            Thread.sleep(50);
        }
    }

    private static void tinyChunks(long end, List<Attacker> opened) throws Exception {
        byte[] chunks = "1\r\nx\r\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 400; i++) {
            opened.add(Attacker.connect(port)
                    .text("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"));
        }
        for (int round = 0; round < 60 && !isOver(end); round++) {
            opened.forEach(attacker -> attacker.bytes(chunks));
        }
    }

    private static void pipelining(long end, List<Attacker> opened) throws Exception {
        byte[] requests = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 20; i++) {
            Attacker attacker = Attacker.connect(port);
            opened.add(attacker);
            writeUntil(end, attacker, requests);
        }
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    /** Writes on a thread of its own, which blocks when the server stops reading. */
    private static void writeUntil(long end, Attacker attacker, byte[] bytes) {
        Thread.startVirtualThread(() -> {
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(bytes);
            }
        });
    }

    private static void resets(long end, List<Attacker> opened) throws Exception {
        String[] beginnings = {
            "",
            "GET /ok HT",
            "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /large HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
            "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        };
        for (int i = 0; !isOver(end); i++) {
            Attacker.connect(port).text(beginnings[i % beginnings.length]).reset();
            if (i % 50 == 0) {
                Thread.sleep(1);
            }
        }
    }

    private static void endlessStreams(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("POST", "/upload");
        Attacker attacker = null;
        int stream = 1;
        while (!isOver(end)) {
            if (attacker == null || attacker.isEnded()) {
                attacker = Attacker.http2(port);
                opened.add(attacker);
                stream = 1;
            }
            attacker.bytes(Attacker.frame(HEADERS, END_HEADERS, stream, block));
            stream += 2;
        }
    }

    private static void zeroWindows(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("GET", "/large");
        for (int i = 0; i < 40; i++) {
            Attacker attacker = Attacker.http2(port, INITIAL_WINDOW, 0);
            opened.add(attacker);
            for (int stream = 1; stream < 500; stream += 2) {
                attacker.bytes(Attacker.frame(HEADERS, END_HEADERS | END_STREAM, stream, block));
            }
        }
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    }

    private static void rapidResets(long end, List<Attacker> opened) throws Exception {
        byte[] block = Attacker.request("GET", "/large");
        byte[] cancel = {0, 0, 0, 8};
        Attacker attacker = null;
        int stream = 1;
        while (!isOver(end)) {
            if (attacker == null || attacker.isEnded()) {
                attacker = Attacker.http2(port);
                opened.add(attacker);
                stream = 1;
            }
            attacker.bytes(Attacker.frame(HEADERS, END_HEADERS | END_STREAM, stream, block))
                    .bytes(Attacker.frame(RST_STREAM, 0, stream, cancel));
            stream += 2;
        }
    }

    private static void pings(long end, List<Attacker> opened) throws Exception {
        flood(end, opened, Attacker.frame(PING, 0, 0, new byte[8]));
    }

    private static void settings(long end, List<Attacker> opened) throws Exception {
        flood(end, opened, Attacker.frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 1, 0}));
    }

    private static void emptyFrames(long end, List<Attacker> opened) throws Exception {
        byte[] head = Attacker.frame(HEADERS, END_HEADERS, 1, Attacker.request("POST", "/upload"));
        byte[] empty = Attacker.frame(DATA, 0, 1);
        while (!isOver(end)) {
            Attacker attacker = Attacker.http2(port).bytes(head);
            opened.add(attacker);
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(empty);
            }
        }
    }

    private static void continuations(long end, List<Attacker> opened) throws Exception {
        byte[] head = Attacker.frame(HEADERS, 0, 1, Attacker.request("GET", "/ok"));
        byte[] field = Attacker.frame(CONTINUATION, 0, 1, (byte) 0, (byte) 1, (byte) 'x', (byte) 1, (byte) 'y');
        while (!isOver(end)) {
            Attacker attacker = Attacker.http2(port).bytes(head);
            opened.add(attacker);
            while (!isOver(end) && !attacker.isEnded()) {
                attacker.bytes(field);
            }
        }
    }

    private static void flood(long end, List<Attacker> opened, byte[] frame) throws Exception {
        byte[] many = new byte[frame.length * 200];
        for (int i = 0; i < 200; i++) {
            System.arraycopy(frame, 0, many, i * frame.length, frame.length);
        }
        for (int i = 0; i < 10; i++) {
            Attacker attacker = Attacker.http2(port);
            opened.add(attacker);
            writeUntil(end, attacker, many);
        }
        Thread.sleep(Math.max(0, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
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
