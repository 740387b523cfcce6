package io.lynx.benchmarks.grpc;

import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;

/**
 * Measures calls a second and processor time beside grpc-java's server with Netty on virtual threads: a unary echo by method descriptors
 * and by stubs, and streams of the server. Both servers have the same services and the same load, are alive at the same time on one
 * processor, and take turns every few seconds. Options: {@code --rounds} (3) with new processes, {@code --slices} for each case (5),
 * {@code --seconds} of a slice (2), {@code --warmup} seconds for each case (10), {@code --connections} (4), {@code --calls} at a time on
 * each connection (16), {@code --messages} of a slice and of a warm-up instead of seconds (0, by time): with it, processor time can be
 * compared on a machine that does other work too.
 */
public final class GrpcHarness {
    private static final Ticker TICKER = Ticker.system();
    private static final String HEAP = "-Xmx512m";

    /** A message of protobuf with 32 bytes, and its prefix. */
    private static final byte[] MESSAGE = message(32);

    private static final Program LYNX = Program.service("Lynx", LynxEcho.class);
    private static final Program PEER = Program.own("grpc-java", NettyEcho.class, List.of("PORT"));

    /** A kind of call, and what was measured of it. */
    private static final class Case {
        final String name;
        final String path;
        final int answers;
        final Samples ours = new Samples();
        final Samples theirs = new Samples();
        final Samples ratio = new Samples();
        final Samples cpuOurs = new Samples();
        final Samples cpuTheirs = new Samples();
        final Samples cpuRatio = new Samples();

        Case(String name, String path, int answers) {
            this.name = name;
            this.path = path;
            this.answers = answers;
        }
    }

    /**
     * One slice of load.
     *
     * @param perSecond messages of answers per second
     * @param micros microseconds of processor time for each
     */
    private record Slice(double perSecond, double micros) {}

    private final List<Case> cases = List.of(
            new Case("unary, method descriptors", EchoServices.RAW, 1),
            new Case("unary, stubs", EchoServices.UNARY, 1),
            new Case("stream of " + EchoServices.FEW + ", stubs", EchoServices.SHORT_STREAM, EchoServices.FEW),
            new Case("stream of " + EchoServices.STREAMED + ", stubs", EchoServices.STREAM, EchoServices.STREAMED));
    private final int slices;
    private final int seconds;
    private final int warmup;
    private final int connections;
    private final int calls;
    private final long messages;

    private GrpcHarness(Options options) {
        this.slices = options.number("slices", 5);
        this.seconds = options.number("seconds", 2);
        this.warmup = options.number("warmup", 10);
        this.connections = options.number("connections", 4);
        this.calls = options.number("calls", 16);
        this.messages = options.number("messages", 0);
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Options options = Options.of(args, "rounds", "slices", "seconds", "warmup", "connections", "calls", "messages");
        GrpcHarness harness = new GrpcHarness(options);
        int rounds = options.number("rounds", 3);
        for (int round = 0; round < rounds; round++) {
            harness.round();
        }
        System.out.println(Machine.describe());
        harness.print(rounds);
    }

    private static byte[] message(int size) {
        byte[] message = new byte[5 + 2 + size];
        message[4] = (byte) (2 + size);
        message[5] = 0x0a;
        message[6] = (byte) size;
        return message;
    }

    private void round() throws Exception {
        try (Child ours = Child.startOn(0, LYNX, HEAP);
                Child theirs = Child.startOn(0, PEER, HEAP)) {
            Child.Line _ = ours.awaitLine("benchmark ready");
            Child.Line _ = theirs.awaitLine("grpc-java ready");
            for (Case each : cases) {
                Slice _ = load(ours, each, warmup);
                Slice _ = load(theirs, each, warmup);
            }
            for (int slice = 0; slice < slices; slice++) {
                for (Case each : cases) {
                    boolean isFirst = slice % 2 == 0;
                    Slice first = load(isFirst ? ours : theirs, each, seconds);
                    Slice second = load(isFirst ? theirs : ours, each, seconds);
                    record(each, isFirst ? first : second, isFirst ? second : first);
                }
            }
        }
    }

    private static void record(Case measured, Slice ours, Slice theirs) {
        measured.ours.add(ours.perSecond() / 1000);
        measured.theirs.add(theirs.perSecond() / 1000);
        measured.ratio.add(ours.perSecond() / theirs.perSecond());
        measured.cpuOurs.add(ours.micros());
        measured.cpuTheirs.add(theirs.micros());
        measured.cpuRatio.add(theirs.micros() / ours.micros());
    }

    /** Loads one server: with {@link #messages} messages, or for {@code length} seconds if that is 0. */
    private Slice load(Child server, Case measured, int length) throws Exception {
        Duration before = server.cpu();
        long began = TICKER.nanos();
        long end = began + Duration.ofSeconds(length).toNanos();
        long most = Math.max(1, messages / measured.answers / connections);
        LongPredicate isOver = messages > 0 ? ended -> ended >= most : _ -> TICKER.nanos() - end >= 0;
        long answers = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Callable<Long> connection = () -> connection(server.port(), measured, isOver);
                running.add(threads.submit(connection));
            }
            for (Future<Long> each : running) {
                answers += each.get() * measured.answers;
            }
        }
        double took = (TICKER.nanos() - began) / 1e9;
        double used = server.cpu().minus(before).toNanos() / 1000.0;
        return new Slice(answers / took, used / answers);
    }

    private long connection(int port, Case measured, LongPredicate isOver) throws IOException {
        try (EchoConnection connection = new EchoConnection(port, measured.path, MESSAGE, measured.answers)) {
            int atATime = measured.answers < EchoServices.STREAMED ? calls : Math.max(1, calls / 8);
            return connection.run(atATime, isOver);
        }
    }

    private void print(int rounds) {
        Table table = new Table(
                "gRPC: median (least–greatest) of " + rounds + " processes each, " + slices + " slices of " + seconds
                        + " s with each",
                "thousand messages a second",
                "Lynx",
                "grpc-java",
                "ratio",
                "processor time of a message: Lynx, µs",
                "grpc-java, µs",
                "ratio");
        for (Case each : cases) {
            Table _ = table.row(
                    each.name,
                    each.ours,
                    each.theirs,
                    ratio(each.ratio),
                    each.cpuOurs,
                    each.cpuTheirs,
                    ratio(each.cpuRatio));
        }
        table.print();
    }

    /** The ratios within one slice. */
    private static String ratio(Samples ratios) {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.least(), ratios.greatest());
    }
}
