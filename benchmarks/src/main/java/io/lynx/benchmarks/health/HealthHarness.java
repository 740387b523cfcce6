package io.lynx.benchmarks.health;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Measures how long {@code /health} takes while 50 of 200 checks hang, and how soon a change is visible. Options: {@code
 * --requests}, the number of measured requests for each path (20,000), and {@code --changes} (50).
 */
public final class HealthHarness {
    private static final int WARM_UP = 20_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    private HealthHarness(int port) {
        this.url = "http://127.0.0.1:" + port;
    }

    /** Runs it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.of(args, "requests", "changes");
        System.out.println(Machine.describe());
        Program service =
                Program.service("many checks", ManyChecksService.class).with("--lynx.log.level=ERROR");
        try (Child child = Child.start(service)) {
            long _ = child.awaitAnswer("/held");
            HealthHarness harness = new HealthHarness(child.port());
            harness.latencies(options.number("requests", 20_000));
            harness.changes(options.number("changes", 50));
        }
    }

    private void latencies(int requests) throws IOException, InterruptedException {
        Table table = new Table(
                "Requests one after the other on one connection, ms",
                "path",
                "bytes",
                "50 %",
                "99 %",
                "99.9 %",
                "most");
        for (String path : new String[] {"/nothing", "/health", "/health/ready", "/health/live"}) {
            long[] nanos = new long[requests];
            int bytes = 0;
            for (int i = -WARM_UP; i < requests; i++) {
                long began = System.nanoTime();
                bytes = get(path).length();
                if (i >= 0) {
                    nanos[i] = System.nanoTime() - began;
                }
            }
            Arrays.sort(nanos);
            table.row(path, bytes, at(nanos, 0.5), at(nanos, 0.99), at(nanos, 0.999), at(nanos, 1));
        }
        table.print();
        System.out.println(
                "\nRuns of checks that hang: " + get("/held") + " of " + ManyChecksService.HANGING + " checks");
    }

    private static String at(long[] sorted, double share) {
        int index = (int) Math.min(sorted.length - 1L, (long) (sorted.length * share));
        return String.format(Locale.ROOT, "%.3f", sorted[index] / 1e6);
    }

    /** Switches a check off and on, and polls readiness every half a millisecond until it shows the change. */
    private void changes(int changes) throws IOException, InterruptedException {
        Samples samples = new Samples();
        for (int i = 0; i < changes; i++) {
            boolean isUp = i % 2 == 1;
            HttpRequest change = HttpRequest.newBuilder(URI.create(url + (isUp ? "/switch/up" : "/switch/down")))
                    .PUT(BodyPublishers.noBody())
                    .build();
            String _ = client.send(change, BodyHandlers.ofString()).body();
            long began = System.nanoTime();
            while (status("/health/ready") != (isUp ? 200 : 503)) {
                TimeUnit.MICROSECONDS.sleep(500);
            }
            samples.addNanos(System.nanoTime() - began);
            Thread.sleep(i * 7L % 200);
        }
        long bound = ManyChecksService.INTERVAL.plus(ManyChecksService.TIMEOUT).toMillis() + 10;
        new Table("From a change to its being seen, ms", "changes", "median (least–greatest)", "bound")
                .row(samples.count(), samples, bound)
                .print();
    }

    private String get(String path) throws IOException, InterruptedException {
        return client.send(request(path), BodyHandlers.ofString()).body();
    }

    private int status(String path) throws IOException, InterruptedException {
        return client.send(request(path), BodyHandlers.discarding()).statusCode();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).build();
    }
}
