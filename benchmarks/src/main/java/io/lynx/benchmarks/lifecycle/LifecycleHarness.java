package io.lynx.benchmarks.lifecycle;

import io.lynx.benchmarks.harness.AotCache;
import io.lynx.benchmarks.harness.Child;
import io.lynx.benchmarks.harness.Machine;
import io.lynx.benchmarks.harness.Options;
import io.lynx.benchmarks.harness.Program;
import io.lynx.benchmarks.harness.Samples;
import io.lynx.benchmarks.harness.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the figures of the lifecycle, each in separate processes, and prints them as tables. Options: {@code --runs},
 * the number of processes for each figure (10), and {@code --only} with some of start, stop, process.
 */
public final class LifecycleHarness {
    private static final int WARM_ROUND = 10;
    private static final List<String> QUIET = List.of("lynx.log.level=WARN");
    private static final List<String> AMPLE = List.of("lynx.shutdown.timeout=10m");

    private final int runs;

    private LifecycleHarness(int runs) {
        this.runs = runs;
    }

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Options options = Options.of(args, "runs", "only");
        System.out.println(Machine.describe());
        LifecycleHarness harness = new LifecycleHarness(options.number("runs", 10));
        if (options.includes("start")) {
            harness.starts();
        }
        if (options.includes("stop")) {
            harness.stops();
        }
        if (options.includes("process")) {
            harness.processes();
        }
    }

    /** Starts and stops a graph repeatedly and measures that. */
    private static final class Graph {
        final String name;
        final Program program;
        String option = "-Dbenchmark";
        final Samples coldStart = new Samples();
        final Samples warmStart = new Samples();
        final Samples coldProcessor = new Samples();
        final Samples warmProcessor = new Samples();
        final Samples coldStop = new Samples();
        final Samples warmStop = new Samples();
        final Samples coldBeyond = new Samples();
        final Samples warmBeyond = new Samples();
        final Samples chain = new Samples();

        Graph(String name, Shape shape, int count, int stopMillis, List<String> settings) {
            this.name = name;
            List<String> arguments = new ArrayList<>(
                    List.of(shape.name(), String.valueOf(count), String.valueOf(stopMillis), "" + WARM_ROUND));
            arguments.addAll(settings);
            this.program = Program.own(name, GraphProcess.class, arguments);
        }

        /** Does the same with the AOT cache of a training run. */
        Graph trained() throws InterruptedException {
            option = AotCache.train(program, child -> {
                long _ = child.awaitGone();
            });
            return this;
        }

        void run() throws InterruptedException {
            try (Child child = Child.start(program, option)) {
                for (int round = 1; round <= WARM_ROUND; round++) {
                    String[] words =
                            child.awaitLine("round " + round + " ").text().split(" ");
                    long start = Long.parseLong(words[2]);
                    long stop = Long.parseLong(words[3]);
                    long slowest = Long.parseLong(words[4]);
                    if (round == 1 || round == WARM_ROUND) {
                        boolean cold = round == 1;
                        (cold ? coldStart : warmStart).addNanos(start);
                        (cold ? coldProcessor : warmProcessor).addNanos(Long.parseLong(words[5]));
                        (cold ? coldStop : warmStop).addNanos(stop);
                        (cold ? coldBeyond : warmBeyond).addNanos(stop - slowest);
                        chain.addNanos(slowest);
                    }
                }
                long _ = child.awaitGone();
            }
        }
    }

    private void starts() throws InterruptedException {
        Graph one = new Graph("1 plugin", Shape.WIDE, 1, 0, List.of());
        Graph oneTrained = new Graph("1 plugin, AOT cache", Shape.WIDE, 1, 0, List.of()).trained();
        List<Graph> graphs = List.of(
                one,
                new Graph("1,000, chain", Shape.CHAIN, 1000, 0, AMPLE),
                new Graph("1,000, wide", Shape.WIDE, 1000, 0, List.of()),
                new Graph("1,000, layered", Shape.LAYERED, 1000, 0, List.of()),
                new Graph("1,000, layered, log at WARN", Shape.LAYERED, 1000, 0, QUIET),
                oneTrained,
                new Graph("1,000, layered, AOT cache", Shape.LAYERED, 1000, 0, List.of()).trained());
        interleave(graphs);
        Table table = new Table(
                "Start of plugins that do nothing, ms: median (least–greatest) of " + runs + " processes",
                "graph",
                "cold",
                "10th in the JVM",
                "beyond 1 plugin, cold",
                "beyond 1 plugin, warm",
                "processor time, cold",
                "processor time, warm");
        for (Graph graph : graphs) {
            Graph base = graph.name.contains("AOT") ? oneTrained : one;
            table.row(
                    graph.name,
                    graph.coldStart,
                    graph.warmStart,
                    beyond(graph.coldStart, base.coldStart),
                    beyond(graph.warmStart, base.warmStart),
                    graph.coldProcessor,
                    graph.warmProcessor);
        }
        table.print();
        Table stop = new Table("Stop of the same graphs, ms", "graph", "cold", "10th in the JVM");
        graphs.forEach(graph -> stop.row(graph.name, graph.coldStop, graph.warmStop));
        stop.print();
    }

    private static String beyond(Samples all, Samples base) {
        return String.format(java.util.Locale.ROOT, "%.1f", all.median() - base.median());
    }

    private void stops() throws InterruptedException {
        List<Graph> graphs = List.of(
                new Graph("100, chain of 1 ms each", Shape.CHAIN, 100, 1, List.of()),
                new Graph("100, wide, 50 ms each", Shape.WIDE, 100, 50, List.of()),
                new Graph("100, 10 layers, 1–20 ms each", Shape.LAYERED, 100, 20, List.of()),
                new Graph("1,000, chain of 1 ms each", Shape.CHAIN, 1000, 1, AMPLE),
                new Graph("1,000, wide, 50 ms each", Shape.WIDE, 1000, 50, List.of()),
                new Graph("1,000, 20 layers, 1–20 ms each", Shape.LAYERED, 1000, 20, List.of()));
        interleave(graphs);
        Table table = new Table(
                "Stop beyond the slowest chain, ms: median (least–greatest) of " + runs + " processes",
                "graph",
                "slowest chain",
                "beyond it, first stop in the JVM",
                "beyond it, 10th");
        graphs.forEach(graph -> table.row(graph.name, graph.chain, graph.coldBeyond, graph.warmBeyond));
        table.print();
    }

    private void interleave(List<Graph> graphs) throws InterruptedException {
        for (int run = 0; run < runs; run++) {
            for (Graph graph : graphs) {
                graph.run();
            }
        }
    }

    private void processes() throws InterruptedException {
        ServiceSignals signals = new ServiceSignals();
        for (int run = 0; run < runs; run++) {
            try {
                signals.stopIdle();
                signals.askReadiness();
                signals.signalTwice();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        signals.print(runs);
    }
}
