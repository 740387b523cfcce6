package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Compares this build with another one, or with itself without an option of the JVM, in the same minutes: start, memory,
 * throughput and processor time. In each round, both serve at the same time, and the load changes between them every few seconds,
 * so that a disturbance of the machine hits both. Options: {@code --against}, the directory of another checkout, or
 * {@code --without}, an option such as {@code --sun-misc-unsafe-memory-access=allow}; {@code --rounds} (3) with
 * new processes, {@code --slices} of load for each (6), {@code --seconds} of a slice (2), {@code --warmup} seconds before (18),
 * {@code --path} (/hello), {@code --headers}, {@code few} (the default) or those of a {@code browser}.
 */
public final class CompareHarness {
    private static final int CONNECTIONS = 64;
    private static final String HEAP = "-Xmx512m";
    private static final Duration REST = Duration.ofSeconds(4);

    private static final List<String> BROWSER = List.of(
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "Accept-Language: en-GB,en;q=0.9,de;q=0.8,fr;q=0.7",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Cookie: session=" + "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.".repeat(4) + "; theme=dark; consent=1",
            "Referer: https://www.example.com/some/page?with=query&and=more",
            "X-Forwarded-For: 203.0.113.7, 10.0.0.1",
            "X-Forwarded-Proto: https");

    /** One build, and what was measured of it. */
    private static final class Build {
        final Program program;
        final Samples start = new Samples();
        final Samples startCpu = new Samples();
        final Samples memory = new Samples();
        final Samples rate = new Samples();
        final Samples cpu = new Samples();

        Build(Program program) {
            this.program = program;
        }
    }

    private final Build other;
    private final Build own;
    private final Samples rateRatio = new Samples();
    private final Samples cpuRatio = new Samples();
    private final Wrk wrk;
    private final String path;
    private final int slices;
    private final int seconds;
    private final int warmup;

    private CompareHarness(Options options) {
        Program service = Program.service("this build", GreetingService.class);
        String without = options.text("without", "");
        this.own = new Build(service);
        this.other = new Build(
                without.isEmpty()
                        ? Program.serviceOf(
                                Path.of(options.required("against")), "the other build", GreetingService.class)
                        : service.without(without));
        this.wrk = Wrk.with(
                switch (options.text("headers", "few")) {
                    case "few" -> List.of();
                    case "browser" -> BROWSER;
                    default -> throw new IllegalArgumentException("option: --headers is few or browser");
                });
        this.path = options.text("path", "/hello");
        this.slices = options.number("slices", 6);
        this.seconds = options.number("seconds", 2);
        this.warmup = options.number("warmup", 18);
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options =
                Options.of(args, "against", "without", "rounds", "slices", "seconds", "warmup", "path", "headers");
        CompareHarness harness = new CompareHarness(options);
        int rounds = options.number("rounds", 3);
        for (int round = 0; round < rounds; round++) {
            harness.round(round % 2 == 0);
        }
        System.out.println(Machine.describe());
        harness.print(rounds);
    }

    private void round(boolean isOtherFirst) throws InterruptedException {
        List<Build> order = isOtherFirst ? List.of(other, own) : List.of(own, other);
        try (Child first = start(order.getFirst());
                Child second = start(order.getLast())) {
            List<Child> children = List.of(first, second);
            for (Child child : children) {
                Wrk.Load _ = wrk.run(child.port(), path, CONNECTIONS, warmup);
            }
            for (int slice = 0; slice < slices; slice++) {
                Slice[] pair = new Slice[2];
                for (int turn = 0; turn < 2; turn++) {
                    int which = (slice + turn) % 2;
                    pair[which] = load(children.get(which));
                }
                Slice ofOther = pair[isOtherFirst ? 0 : 1];
                Slice ofOwn = pair[isOtherFirst ? 1 : 0];
                ofOther.addTo(other);
                ofOwn.addTo(own);
                rateRatio.add(ofOwn.thousands() / ofOther.thousands());
                cpuRatio.add(ofOwn.micros() / ofOther.micros());
            }
        }
    }

    private Child start(Build build) throws InterruptedException {
        Child child = Child.start(build.program, HEAP);
        try {
            build.start.addNanos(child.awaitAnswer(path) - child.startedNanos());
            Thread.sleep(REST);
            build.startCpu.addNanos(child.cpu().toNanos());
            build.memory.add(child.residentMegabytes());
            return child;
        } catch (IOException e) {
            child.close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException | RuntimeException e) {
            child.close();
            throw e;
        }
    }

    /**
     * One slice of load.
     *
     * @param thousands thousands of answers per second
     * @param micros microseconds of processor time for each answer
     */
    private record Slice(double thousands, double micros) {
        void addTo(Build build) {
            build.rate.add(thousands);
            build.cpu.add(micros);
        }
    }

    private Slice load(Child child) throws InterruptedException {
        Duration before = child.cpu();
        Wrk.Load load = wrk.run(child.port(), path, CONNECTIONS, seconds);
        Duration used = child.cpu().minus(before);
        return new Slice(load.perSecond() / 1000, used.toNanos() / 1000.0 / load.answers());
    }

    private void print(int rounds) {
        new Table(
                        "Two services, " + path + ": median (least–greatest) of " + rounds + " processes each, of load "
                                + slices + " slices of " + seconds + " s with each",
                        "",
                        other.program.name(),
                        own.program.name(),
                        "this : the other")
                .row("first answer, ms", other.start, own.start, ratio(own.start, other.start))
                .row(
                        "processor time of the start, ms",
                        other.startCpu,
                        own.startCpu,
                        ratio(own.startCpu, other.startCpu))
                .row("resident memory after the start, MB", other.memory, own.memory, ratio(own.memory, other.memory))
                .row("thousand answers a second", other.rate, own.rate, rounded(rateRatio))
                .row("processor time of an answer, µs", other.cpu, own.cpu, rounded(cpuRatio))
                .print();
    }

    private static String ratio(Samples own, Samples other) {
        return String.format(Locale.ROOT, "%.2f", own.median() / other.median());
    }

    /** The ratios of slices that follow each other. */
    private static String rounded(Samples ratios) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.least(), ratios.greatest());
    }
}
