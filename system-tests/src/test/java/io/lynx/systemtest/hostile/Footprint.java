package io.lynx.systemtest.hostile;

import io.lynx.systemtest.Services;
import io.lynx.systemtest.process.ServiceProcess;
import io.lynx.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What a service holds: by the counts of Linux, and by the metrics of its JVM. Immutable.
 *
 * @param threads threads of the platform
 * @param descriptors open files and sockets
 * @param resident bytes of the process in memory
 * @param direct bytes of buffers outside the heap
 * @param heap bytes of the heap in use, garbage included
 */
record Footprint(long threads, long descriptors, long resident, long direct, long heap) {
    private static final String DIRECT = "jvm_buffer_pool_used_bytes{pool=\"direct\"} ";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"} ";

    /** Measures it; the management port must answer. */
    static Footprint of(ServiceProcess service) throws IOException, InterruptedException {
        Path process = Path.of("/proc", Long.toString(service.pid()));
        long threads = count(process.resolve("task"));
        long descriptors = count(process.resolve("fd"));
        String metrics = metrics(service);
        return new Footprint(
                threads, descriptors, residentBytes(service), value(metrics, DIRECT), value(metrics, HEAP));
    }

    /** Returns the bytes of the process that are in memory. */
    static long residentBytes(ServiceProcess service) throws IOException, InterruptedException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(service.pid()), "status"))) {
            String line =
                    lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
    }

    /**
     * Returns for how long each thread was ready to run and had no processor, in nanoseconds by the thread's id; empty where Linux
     * does not count that.
     */
    static Map<String, Long> waitsForProcessor(ServiceProcess service) throws IOException, InterruptedException {
        Map<String, Long> waits = new HashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(service.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                try {
                    String[] times = Files.readString(thread.resolve("schedstat"))
                            .strip()
                            .split(" ", -1);
                    waits.put(thread.getFileName().toString(), Long.parseLong(times[1]));
                } catch (IOException ended) {
                    // A thread that has ended delays nothing.
                }
            }
        }
        return waits;
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    /** Returns a scrape with the metrics of the JVM, which a busy machine may leave out of the first one. */
    private static String metrics(ServiceProcess service) throws IOException, InterruptedException {
        int port = Services.awaitManagement(service).getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(PATIENCE)
                .build();
        AtomicReference<String> metrics = new AtomicReference<>("");
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Await.until("the metrics of the JVM are measured", PATIENCE, () -> {
                metrics.set(client.send(request, BodyHandlers.ofString()).body());
                return metrics.get().contains(DIRECT) && metrics.get().contains(HEAP);
            });
        }
        return metrics.get();
    }

    private static long value(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series))
                .map(line -> (long) Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "%d threads, %d descriptors, %d MB resident, %d MB of direct buffers, %d MB of the heap"
                .formatted(threads, descriptors, resident >> 20, direct >> 20, heap >> 20);
    }
}
