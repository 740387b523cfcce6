package io.lynx.benchmarks.http;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Puts the same load on Lynx and on its peers in turn: all servers run on one processor and {@code wrk} on another.
 * Options: {@code --rounds} (3), {@code --seconds} of each load (8), {@code --warmup} seconds before the first (15),
 * {@code --only} with names of contenders.
 */
public final class HttpHarness {
    private static final int CONNECTIONS = 64;
    private static final int MANY_CONNECTIONS = 1_000;
    private static final String HEAP = "-Xmx512m";

    /**
     * One way to serve requests.
     *
     * @param prefix the prefix of its paths
     * @param blocks whether its handlers may block
     */
    private record Way(String name, Program program, String prefix, boolean blocks) {}

    /** The results of one way to serve. */
    private static final class Contender {
        final Way way;
        final Child server;
        final Samples hello = new Samples();
        final Samples helloTail = new Samples();
        final Samples json = new Samples();
        final Samples blocking = new Samples();
        long late;

        Contender(Way way, Child server) {
            this.way = way;
            this.server = server;
        }

        String path(String route) {
            return way.prefix() + route;
        }
    }

    private final Wrk wrk = Wrk.on(1);
    private final int rounds;
    private final int seconds;
    private final int warmup;

    private HttpHarness(Options options) {
        this.rounds = options.number("rounds", 3);
        this.seconds = options.number("seconds", 8);
        this.warmup = options.number("warmup", 15);
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.of(args, "rounds", "seconds", "warmup", "only");
        System.out.println(Machine.describe());
        List<Child> servers = new ArrayList<>();
        try {
            List<Contender> contenders = new ArrayList<>();
            for (List<Way> ways : ways()) {
                List<Way> wanted = ways.stream()
                        .filter(way -> options.includes(way.name()))
                        .toList();
                if (!wanted.isEmpty()) {
                    Child server = Child.startOn(0, wanted.getFirst().program(), HEAP);
                    servers.add(server);
                    wanted.forEach(way -> contenders.add(new Contender(way, server)));
                }
            }
            new HttpHarness(options).measure(contenders);
        } finally {
            servers.forEach(Child::close);
        }
    }

    /** Returns the ways to serve of each server. */
    private static List<List<Way>> ways() {
        Program lynx = Program.service("lynx", GreetingService.class);
        Program quarkus = Program.quarkus();
        Program micronaut = Program.peer("Micronaut", "micronaut", "Greetings");
        return List.of(
                List.of(
                        new Way("lynx, virtual threads", lynx, "", true),
                        new Way("lynx, event loop", lynx, "/loop", false)),
                List.of(new Way(
                        "Vert.x, virtual threads",
                        Program.peer("Vert.x", "vertx", "Main", "PORT", "virtual-threads"),
                        "",
                        true)),
                List.of(new Way(
                        "Vert.x, event loop",
                        Program.peer("Vert.x", "vertx", "Main", "PORT", "event-loop"),
                        "",
                        false)),
                List.of(new Way("Helidon SE", Program.peer("Helidon SE", "helidon", "Main", "PORT"), "", true)),
                List.of(new Way("Jetty, virtual threads", Program.peer("Jetty", "jetty", "Main", "PORT"), "", true)),
                List.of(
                        new Way("Quarkus, virtual threads", quarkus, "", true),
                        new Way("Quarkus, event loop", quarkus, "/loop", false)),
                List.of(
                        new Way("Micronaut, virtual threads", micronaut, "", true),
                        new Way("Micronaut, event loop", micronaut, "/loop", false)),
                List.of(new Way(
                        "Spring Boot, virtual threads",
                        Program.peer("Spring Boot", "spring-boot", "Main", "--server.port=PORT"),
                        "",
                        true)));
    }

    private void measure(List<Contender> contenders) throws InterruptedException {
        for (Contender contender : contenders) {
            long _ = contender.server.awaitAnswer(contender.path("/json"));
            Wrk.Load _ = wrk.run(contender.server.port(), contender.path("/hello"), CONNECTIONS, warmup);
            Wrk.Load _ = wrk.run(contender.server.port(), contender.path("/json"), CONNECTIONS, warmup);
        }
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                Wrk.Load hello = wrk.run(contender.server.port(), contender.path("/hello"), CONNECTIONS, seconds);
                contender.hello.add(hello.perSecond() / 1000);
                contender.helloTail.add(hello.tailMillis());
                contender.json.add(wrk.run(contender.server.port(), contender.path("/json"), CONNECTIONS, seconds)
                                .perSecond()
                        / 1000);
            }
        }
        print(contenders);
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                if (contender.way.blocks()) {
                    Wrk.Load load =
                            wrk.run(contender.server.port(), contender.path("/blocking"), MANY_CONNECTIONS, seconds);
                    contender.blocking.add(load.perSecond() / 1000);
                    contender.late += load.late();
                }
            }
        }
        printBlocking(contenders);
        System.out.println("\nAfterwards: " + Machine.describe());
    }

    private void print(List<Contender> contenders) {
        Table table = new Table(
                "Thousand requests a second, median (least–greatest) of " + rounds + " rounds of " + seconds + " s",
                "server",
                "hello",
                "lynx against it",
                "99 % within, ms",
                "JSON",
                "lynx against it");
        for (Contender contender : contenders) {
            Contender ours = ours(contenders, contender.way.blocks());
            table.row(
                    contender.way.name(),
                    contender.hello,
                    ratio(ours.hello, contender.hello),
                    contender.helloTail,
                    contender.json,
                    ratio(ours.json, contender.json));
        }
        table.print();
    }

    private static void printBlocking(List<Contender> contenders) {
        Table table = new Table(
                "Handlers that block for 20 ms, " + MANY_CONNECTIONS + " connections, thousand requests a second",
                "server",
                "requests",
                "lynx against it",
                "answers later than 2 s");
        for (Contender contender : contenders) {
            if (contender.way.blocks()) {
                Contender ours = ours(contenders, true);
                table.row(
                        contender.way.name(),
                        contender.blocking,
                        ratio(ours.blocking, contender.blocking),
                        contender.late);
            }
        }
        table.print();
    }

    /** Returns the way of Lynx of the same kind; the first of all if that was left out. */
    private static Contender ours(List<Contender> contenders, boolean blocks) {
        return contenders.stream()
                .filter(other -> other.way.name().startsWith("lynx") && other.way.blocks() == blocks)
                .findFirst()
                .orElse(contenders.getFirst());
    }

    private static String ratio(Samples ours, Samples theirs) {
        return String.format(Locale.ROOT, "%.2f×", ours.median() / theirs.median());
    }
}
