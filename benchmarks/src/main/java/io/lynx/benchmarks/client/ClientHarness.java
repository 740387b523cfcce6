package io.lynx.benchmarks.client;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.benchmarks.http.GreetingService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Compares the HTTP client with that of the JDK and Apache's: the same server on one processor, all clients in one process on
 * another, each with 64 virtual threads on as many connections, in slices that alternate. Options: {@code --rounds} (8) of one
 * slice each, {@code --seconds} of a slice (3), {@code --warmup} seconds for each client before (20; less than 60), {@code --only} with names
 * of clients: {@code lynx}, {@code jdk}, {@code apache}.
 */
public final class ClientHarness {
    static final String LYNX = "lynx";
    static final String JDK = "jdk";
    static final String APACHE = "apache";
    static final List<String> NAMES = List.of(LYNX, JDK, APACHE);

    private static final String HEAP = "-Xmx512m";

    /** What was measured of one client. */
    private static final class Contender {
        final Samples rate = new Samples();
        final Samples cpu = new Samples();
        final Samples tail = new Samples();
        final Samples against = new Samples();
    }

    private ClientHarness() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.of(args, "rounds", "seconds", "warmup", "only");
        List<String> names = NAMES.stream().filter(options::includes).toList();
        int rounds = options.number("rounds", 8);
        Map<String, Contender> contenders = new LinkedHashMap<>();
        names.forEach(name -> contenders.put(name, new Contender()));
        Program service = Program.service("server", GreetingService.class);
        try (Child server = Child.startOn(0, service, HEAP)) {
            long _ = server.awaitAnswer("/hello");
            List<String> arguments = new ArrayList<>(List.of(args));
            arguments.addAll(List.of("--port", String.valueOf(server.port())));
            Program load = Program.own("clients", ClientLoad.class, arguments);
            try (Child clients = Child.startOn(1, load, HEAP)) {
                for (String name : names) {
                    Child.Line _ = clients.awaitLine(ClientLoad.WARM + " " + name);
                }
                for (int round = 0; round < rounds; round++) {
                    read(clients, contenders);
                }
            }
        }
        System.out.println(Machine.describe());
        print(contenders, rounds, options.number("seconds", 3));
    }

    /** Reads the slices of a round, which follow each other, so that they can be compared. */
    private static void read(Child clients, Map<String, Contender> contenders) throws InterruptedException {
        Map<String, Double> rates = new LinkedHashMap<>();
        for (Map.Entry<String, Contender> each : contenders.entrySet()) {
            String[] words = clients.awaitLine(ClientLoad.LINE + " " + each.getKey())
                    .text()
                    .split(" ", -1);
            Contender contender = each.getValue();
            double rate = Double.parseDouble(words[2]);
            rates.put(each.getKey(), rate);
            contender.rate.add(rate);
            contender.cpu.add(Double.parseDouble(words[3]));
            contender.tail.add(Double.parseDouble(words[4]));
        }
        Double own = rates.get(LYNX);
        if (own != null) {
            rates.forEach((name, rate) ->
                    Objects.requireNonNull(contenders.get(name)).against.add(own / rate));
        }
    }

    private static void print(Map<String, Contender> contenders, int rounds, int seconds) {
        Table table = new Table(
                "GET on " + ClientLoad.CONNECTIONS
                        + " virtual threads and connections, HTTP/1.1: median (least–greatest) of " + rounds
                        + " slices of " + seconds + " s",
                "client",
                "thousand calls a second",
                "lynx against it",
                "processor time of a call, µs",
                "99 % within, ms");
        contenders.forEach((name, contender) -> table.row(
                name,
                contender.rate,
                contender.against.count() == 0
                        ? "–"
                        : String.format(
                                Locale.ROOT,
                                "%.2f (%.2f–%.2f)",
                                contender.against.median(),
                                contender.against.least(),
                                contender.against.greatest()),
                contender.cpu,
                contender.tail));
        table.print();
    }
}
