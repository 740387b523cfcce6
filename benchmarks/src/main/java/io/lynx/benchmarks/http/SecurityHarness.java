package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures what it costs to know the caller: a service without the usual interceptors, with them (access log to a file, CORS, security
 * headers), with them and a JWT that was verified before, and with them and a JWT that is verified for each request (RS256). All of them
 * are alive at the same time and receive the same token; the load changes between them every few seconds. Options: {@code --rounds} (1)
 * with new processes, {@code --slices} of load for each (3), {@code --seconds} of a slice (2), {@code --warmup} seconds before (4),
 * {@code --path} (/hello).
 */
public final class SecurityHarness {
    private static final int CONNECTIONS = 64;
    private static final String HEAP = "-Xmx512m";

    /** A way to run the service, and what was measured of it. */
    private static final class Variant {
        final Program program;
        final Samples rate = new Samples();
        final Samples cpu = new Samples();
        final Samples ratio = new Samples();
        final Samples extra = new Samples();

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
    private final Wrk wrk;
    private final String path;
    private final int slices;
    private final int seconds;
    private final int warmup;

    private SecurityHarness(Options options, TokenIssuer issuer) {
        Program plain = Program.service("none", GreetingService.class);
        String[] usual = {
            "--lynx.http.access_log=json",
            "--lynx.http.cors.allowed_origins=https://shop.example",
            "--lynx.http.security_headers.enabled=true"
        };
        String[] secured = {
            "--lynx.security.issuers.main.issuer=" + issuer.url(),
            "--lynx.security.issuers.main.jwks_url=" + issuer.url() + "/keys",
            "--lynx.security.issuers.main.audiences=benchmark"
        };
        this.variants = List.of(
                new Variant(plain),
                new Variant(Program.service("usual interceptors", GreetingService.class)
                        .with(usual)),
                new Variant(Program.service("usual, JWT", GreetingService.class)
                        .with(usual)
                        .with(secured)),
                new Variant(Program.service("usual, JWT verified each time", GreetingService.class)
                        .with(usual)
                        .with(secured)
                        .with("--lynx.security.cache_time=0s")));
        this.wrk = Wrk.with(List.of("Authorization: Bearer " + issuer.token()));
        this.path = options.text("path", "/hello");
        this.slices = options.number("slices", 3);
        this.seconds = options.number("seconds", 2);
        this.warmup = options.number("warmup", 4);
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException, IOException {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup", "path");
        int rounds = options.number("rounds", 1);
        try (TokenIssuer issuer = new TokenIssuer()) {
            SecurityHarness harness = new SecurityHarness(options, issuer);
            for (int round = 0; round < rounds; round++) {
                harness.round(round);
            }
            System.out.println(Machine.describe());
            harness.print(rounds);
        }
    }

    private void round(int round) throws InterruptedException {
        List<Child> children = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                Child child = Child.start(variant.program, HEAP);
                children.add(child);
                long _ = child.awaitAnswer("/health/live");
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
            variant.ratio.add(results[i].perSecond() / results[0].perSecond());
            variant.extra.add(results[i].micros() - results[0].micros());
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
                "Callers, " + path + ": median (least–greatest) of " + rounds + " processes each, of load " + slices
                        + " slices of " + seconds + " s with each",
                "interceptors",
                "thousand answers a second",
                "against none",
                "processor time of an answer, µs",
                "more than none, µs");
        for (Variant variant : variants) {
            Table _ = table.row(
                    variant.program.name(),
                    variant.rate,
                    ratio(variant.ratio),
                    variant.cpu,
                    String.format(Locale.ROOT, "%.1f", variant.extra.median()));
        }
        table.print();
    }

    /** The ratios within one slice. */
    private static String ratio(Samples ratios) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.least(), ratios.greatest());
    }
}
