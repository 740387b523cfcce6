package io.lynx.benchmarks.client;

import io.lynx.benchmarks.grpc.NettyEcho;
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
 * another, each with 64 virtual threads on as many connections, in slices that alternate. With {@code --protocol grpc} the channel of
 * Lynx is compared with that of grpc-java: blocking stubs on 64 virtual threads, grpc-java's server. Options: {@code --rounds} (8) of one
 * slice each, {@code --seconds} of a slice (3), {@code --warmup} seconds for each client before (20; less than 60), {@code --only} with names
 * of clients: {@code lynx}, {@code jdk}, {@code apache}, {@code lynx-grpc}, {@code grpc-java}.
 */
public final class ClientHarness {
    static final String LYNX = "lynx";
    static final String JDK = "jdk";
    static final String APACHE = "apache";
    static final String LYNX_GRPC = "lynx-grpc";
    static final String GRPC_JAVA = "grpc-java";

    private static final List<String> HTTP = List.of(LYNX, JDK, APACHE);
    private static final List<String> GRPC = List.of(LYNX_GRPC, GRPC_JAVA);

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
        Options options = Options.of(args, "rounds", "seconds", "warmup", "only", "protocol");
        List<String> names = names(options);
        int rounds = options.number("rounds", 8);
        Map<String, Contender> contenders = new LinkedHashMap<>();
        names.forEach(name -> contenders.put(name, new Contender()));
        try (Child server = Child.startOn(0, server(options), HEAP)) {
            if (isGrpc(options)) {
                Child.Line _ = server.awaitLine("grpc-java ready");
            } else {
                long _ = server.awaitAnswer("/hello");
            }
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
        String what = isGrpc(options)
                ? "Unary calls of gRPC with blocking stubs on " + ClientLoad.CONNECTIONS + " virtual threads"
                : "GET on " + ClientLoad.CONNECTIONS + " virtual threads and connections, HTTP/1.1";
        print(contenders, what, rounds, options.number("seconds", 3));
    }

    private static boolean isGrpc(Options options) {
        return options.text("protocol", "http").equals("grpc");
    }

    /** Returns the clients that are compared. */
    static List<String> names(Options options) {
        return (isGrpc(options) ? GRPC : HTTP)
                .stream().filter(options::includes).toList();
    }

    private static Program server(Options options) {
        return isGrpc(options)
                ? Program.own("server", NettyEcho.class, List.of("PORT"))
                : Program.service("server", GreetingService.class);
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
        Double own = rates.get(rates.containsKey(LYNX) ? LYNX : LYNX_GRPC);
        if (own != null) {
            rates.forEach((name, rate) ->
                    Objects.requireNonNull(contenders.get(name)).against.add(own / rate));
        }
    }

    private static void print(Map<String, Contender> contenders, String what, int rounds, int seconds) {
        Table table = new Table(
                what + ": median (least–greatest) of " + rounds + " slices of " + seconds + " s",
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
