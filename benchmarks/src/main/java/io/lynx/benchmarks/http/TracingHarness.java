package io.lynx.benchmarks.http;

import com.sun.net.httpserver.HttpServer;
import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what tracing costs: throughput and processor time of a service that is not traced, that records one request in a hundred,
 * that records each request, and that compresses their spans too. All of them are alive at the same time, and the load changes between
 * them every few seconds. Spans are pushed to a collector in this process that reads and discards them. Options: {@code --rounds} (3) with new processes,
 * {@code --slices} of load for each (6), {@code --seconds} of a slice (2), {@code --warmup} seconds before (18), {@code --path}
 * (/hello).
 */
public final class TracingHarness {
    private static final int CONNECTIONS = 64;
    private static final String HEAP = "-Xmx512m";

    /** A way to run the service, and what was measured of it. */
    private static final class Variant {
        final Program program;
        final Samples rate = new Samples();
        final Samples cpu = new Samples();
        final Samples rateRatio = new Samples();
        final Samples cpuRatio = new Samples();

        Variant(Program program) {
            this.program = program;
        }
    }

    /**
     * One slice of load.
     *
     * @param perSecond answers per second
     * @param micros microseconds of processor time for each answer
     */
    private record Slice(double perSecond, double micros) {}

    private final List<Variant> variants;
    private final Wrk wrk = Wrk.with(List.of());
    private final String path;
    private final int slices;
    private final int seconds;
    private final int warmup;

    private TracingHarness(Options options, String collector) {
        this.variants = List.of(
                new Variant(Program.service("off", GreetingService.class)),
                traced("1 %", "0.01", collector),
                traced("100 %", "1.0", collector),
                traced("100 %, gzip", "1.0", collector, "--lynx.opentelemetry.traces.compression=gzip"));
        this.path = options.text("path", "/hello");
        this.slices = options.number("slices", 6);
        this.seconds = options.number("seconds", 2);
        this.warmup = options.number("warmup", 18);
    }

    private static Variant traced(String name, String ratio, String collector, String... more) {
        return new Variant(Program.service(name, GreetingService.class)
                .with("--lynx.opentelemetry.traces.endpoint=" + collector, "--lynx.opentelemetry.traces.ratio=" + ratio)
                .with(more));
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup", "path");
        int rounds = options.number("rounds", 3);
        LongAdder pushes = new LongAdder();
        LongAdder bytes = new LongAdder();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            try (exchange) {
                pushes.increment();
                bytes.add(exchange.getRequestBody().transferTo(OutputStream.nullOutputStream()));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        try {
            TracingHarness harness = new TracingHarness(
                    options, "http://127.0.0.1:" + collector.getAddress().getPort());
            for (int round = 0; round < rounds; round++) {
                harness.round(round);
            }
            System.out.println(Machine.describe());
            harness.print(rounds);
            System.out.printf(
                    Locale.ROOT, "%nThe collector received %d pushes, %d bytes.%n", pushes.sum(), bytes.sum());
        } finally {
            collector.stop(0);
        }
    }

    private void round(int round) throws InterruptedException {
        List<Child> children = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                Child child = Child.start(variant.program, HEAP);
                children.add(child);
                long _ = child.awaitAnswer(path);
            }
            for (Child child : children) {
                Wrk.Load _ = wrk.run(child.port(), path, CONNECTIONS, warmup);
            }
            for (int slice = 0; slice < slices; slice++) {
                slice(children, round + slice);
            }
        } finally {
            children.forEach(Child::close);
        }
    }

    /** Puts load on each of them, in an order that differs from one slice to the next. */
    private void slice(List<Child> children, int number) throws InterruptedException {
        Slice[] results = new Slice[variants.size()];
        for (int turn = 0; turn < results.length; turn++) {
            int which = (number + turn) % results.length;
            results[which] = load(children.get(which));
        }
        for (int i = 0; i < results.length; i++) {
            Variant variant = variants.get(i);
            variant.rate.add(results[i].perSecond() / 1000);
            variant.cpu.add(results[i].micros());
            variant.rateRatio.add(results[i].perSecond() / results[0].perSecond());
            variant.cpuRatio.add(results[i].micros() / results[0].micros());
        }
    }

    private Slice load(Child child) throws InterruptedException {
        Duration before = child.cpu();
        Wrk.Load load = wrk.run(child.port(), path, CONNECTIONS, seconds);
        Duration used = child.cpu().minus(before);
        return new Slice(load.perSecond(), used.toNanos() / 1000.0 / load.answers());
    }

    private void print(int rounds) {
        Table table = new Table(
                "Tracing, " + path + ": median (least–greatest) of " + rounds + " processes each, of load " + slices
                        + " slices of " + seconds + " s with each",
                "requests that are recorded",
                "thousand answers a second",
                "against off",
                "processor time of an answer, µs",
                "against off");
        for (Variant variant : variants) {
            Table _ = table.row(
                    variant.program.name(),
                    variant.rate,
                    ratio(variant.rateRatio),
                    variant.cpu,
                    ratio(variant.cpuRatio));
        }
        table.print();
    }

    /** The ratios within one slice. */
    private static String ratio(Samples ratios) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.least(), ratios.greatest());
    }
}
