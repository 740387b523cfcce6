package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Puts the same load on variants of a service. All of them are alive at the same time, and the load changes between them every few
 * seconds, so that a disturbance of the machine hits each. Options: {@code --rounds} (1) with new processes, {@code --slices} of load for
 * each (3), {@code --seconds} of a slice (2), {@code --warmup} seconds before (4). Not thread-safe.
 */
final class VariantLoad {
    private static final int CONNECTIONS = 64;

    /** The path that answers when a service is ready. */
    private static final String READY = "/health/live";

    /**
     * A way to run the service.
     *
     * @param path that receives the load
     */
    record Variant(Program program, String path) {}

    /** What was measured of a variant. */
    private static final class Measured {
        final Variant variant;
        final Samples rate = new Samples();
        final Samples cpu = new Samples();
        final Samples ratio = new Samples();
        final Samples extra = new Samples();

        Measured(Variant variant) {
            this.variant = variant;
        }
    }

    /**
     * One slice of load.
     *
     * @param perSecond answers per second
     * @param micros microseconds of processor time for each answer
     */
    private record Slice(double perSecond, double micros) {}

    private final List<Measured> variants;
    private final Wrk wrk;
    private final Function<Program, Child> start;
    private final int rounds;
    private final int slices;
    private final int seconds;
    private final int warmup;

    /** Measures {@code variants}, each against the first of them; {@code start} starts their processes. */
    VariantLoad(Options options, Wrk wrk, Function<Program, Child> start, List<Variant> variants) {
        this.variants = variants.stream().map(Measured::new).toList();
        this.wrk = wrk;
        this.start = start;
        this.rounds = options.number("rounds", 1);
        this.slices = options.number("slices", 3);
        this.seconds = options.number("seconds", 2);
        this.warmup = options.number("warmup", 4);
    }

    /** Runs all rounds. */
    void run() throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            round(round);
        }
    }

    private void round(int round) throws InterruptedException {
        List<Child> children = new ArrayList<>();
        try {
            for (Measured measured : variants) {
                Child child = start.apply(measured.variant.program());
                children.add(child);
                long _ = child.awaitAnswer(READY);
            }
            for (int i = 0; i < children.size(); i++) {
                Wrk.Load _ = wrk.run(children.get(i).port(), path(i), CONNECTIONS, warmup);
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
            results[which] = load(children.get(which), path(which));
        }
        for (int i = 0; i < results.length; i++) {
            Measured measured = variants.get(i);
            measured.rate.add(results[i].perSecond() / 1000);
            measured.cpu.add(results[i].micros());
            measured.ratio.add(results[i].perSecond() / results[0].perSecond());
            measured.extra.add(results[i].micros() - results[0].micros());
        }
    }

    private Slice load(Child child, String path) throws InterruptedException {
        Duration before = child.cpu();
        Wrk.Load load = wrk.run(child.port(), path, CONNECTIONS, seconds);
        Duration used = child.cpu().minus(before);
        return new Slice(load.perSecond(), used.toNanos() / 1000.0 / load.answers());
    }

    private String path(int which) {
        return variants.get(which).variant.path();
    }

    /** Prints a table with one row for each variant. */
    void print(String title) {
        Table table = new Table(
                title + ": median (least–greatest) of " + rounds + " processes each, of load " + slices + " slices of "
                        + seconds + " s with each",
                "variant",
                "thousand answers a second",
                "against the first",
                "processor time of an answer, µs",
                "more than the first, µs");
        for (Measured measured : variants) {
            Table _ = table.row(
                    measured.variant.program().name(),
                    measured.rate,
                    ratio(measured.ratio),
                    measured.cpu,
                    String.format(Locale.ROOT, "%.1f", measured.extra.median()));
        }
        table.print();
    }

    /** Formats the ratios within one slice. */
    static String ratio(Samples ratios) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.least(), ratios.greatest());
    }
}
