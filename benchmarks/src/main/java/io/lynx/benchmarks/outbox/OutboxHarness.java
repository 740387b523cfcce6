package io.lynx.benchmarks.outbox;

import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.jdbc.test.PostgresServer;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how many events a second pass through an outbox in a real PostgreSQL of its own: threads publish events in transactions as fast
 * as the database commits them, and a relay delivers them to a broker that acknowledges at once. The outbox of lynx-jdbc and one that is
 * written by hand take turns. A slice ends when all of its events have been delivered.
 */
public final class OutboxHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CONNECTIONS = 16;

    private OutboxHarness() {}

    /** A variant, and what was measured of it. */
    private record Contender(String name, OutboxVariant variant, Samples rates, Samples ratios, Samples drains) {
        Contender(String name, OutboxVariant variant) {
            this(name, variant, new Samples(), new Samples(), new Samples());
        }
    }

    /**
     * Takes {@code --slices N --seconds N --threads N --batch N --warmup N}; {@code batch} is the number of events of a transaction,
     * {@code warmup} the seconds of each variant before.
     */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "slices", "seconds", "threads", "batch", "warmup");
        try (PostgresServer server = PostgresServer.create()) {
            server.start();
            try (OutboxVariant lynx = new LynxOutbox(server, CONNECTIONS);
                    OutboxVariant bare = new BareOutbox(server, CONNECTIONS)) {
                measure(options, new Contender("written by hand", bare), new Contender("outbox of lynx-jdbc", lynx));
            }
        }
    }

    private static void measure(Options options, Contender bare, Contender lynx) throws Exception {
        int threads = options.number("threads", 8);
        int batch = options.number("batch", 1);
        Duration warmup = Duration.ofSeconds(options.number("warmup", 10));
        Duration slice = Duration.ofSeconds(options.number("seconds", 5));
        int slices = options.number("slices", 6);
        for (Contender each : List.of(bare, lynx)) {
            double _ = slice(each, threads, batch, warmup);
        }
        bare.drains().clear();
        lynx.drains().clear();
        for (int i = 0; i < slices; i++) {
            double base = slice(bare, threads, batch, slice);
            double rate = slice(lynx, threads, batch, slice);
            bare.rates().add(base);
            bare.ratios().add(1);
            lynx.rates().add(rate);
            lynx.ratios().add(rate / base);
        }
        System.out.println(Machine.describe());
        Table table = new Table(
                "Outbox in PostgreSQL, " + threads + " threads, " + batch
                        + " events in a transaction: median (least–greatest) of " + slices + " slices of "
                        + slice.toSeconds() + " s",
                "variant",
                "events a second, published and delivered",
                "of that by hand",
                "the last delivered after the last commit, ms");
        for (Contender each : List.of(bare, lynx)) {
            table.row(
                    each.name(),
                    each.rates().toString(),
                    String.format(
                            Locale.ROOT,
                            "%.2f (%.2f–%.2f)",
                            each.ratios().median(),
                            each.ratios().least(),
                            each.ratios().greatest()),
                    each.drains().toString());
        }
        table.print();
    }

    /** Returns how many events a second were published and delivered, from the first publication to the last delivery. */
    private static double slice(Contender contender, int threads, int batch, Duration duration) throws Exception {
        OutboxVariant variant = contender.variant();
        long before = variant.delivered();
        long began = TICKER.nanos();
        long published = publish(variant, threads, batch, began + duration.toNanos());
        long committed = TICKER.nanos();
        while (variant.delivered() - before < published) {
            if (TICKER.nanos() - committed > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "outbox: " + (before + published - variant.delivered()) + " events were not delivered");
            }
            LockSupport.parkNanos(100_000);
        }
        long end = TICKER.nanos();
        contender.drains().addNanos(end - committed);
        return published / ((end - began) / 1e9);
    }

    private static long publish(OutboxVariant variant, int threads, int batch, long end) throws Exception {
        LongAdder published = new LongAdder();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                running.add(executor.submit(() -> {
                    for (long i = 0; TICKER.nanos() - end < 0; i++) {
                        variant.publish(number + "-" + i, batch);
                        published.add(batch);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                Object _ = each.get();
            }
        }
        return published.sum();
    }
}
