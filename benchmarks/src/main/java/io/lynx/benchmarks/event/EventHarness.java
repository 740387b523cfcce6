package io.lynx.benchmarks.event;

import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmarks of the event bus and its peers, and prints the tables of the results page. */
public final class EventHarness {
    private static final double[] PERCENTILES = {0, 10, 25, 50};

    private EventHarness() {}

    /**
     * Takes the options of JMH, such as {@code -f 1}, which override the annotations.
     *
     * @throws RunnerException if a benchmark failed
     */
    public static void main(String[] args) throws CommandLineOptionException, RunnerException, InterruptedException {
        OptionsBuilder options = new OptionsBuilder();
        options.parent(new CommandLineOptions(args));
        options.addProfiler(GCProfiler.class);
        options.shouldFailOnError(true);
        options.include("\\.HandOffBenchmark\\.");
        options.include("\\.NobodyListensBenchmark\\.");
        Collection<RunResult> results = new Runner(options.build()).run();

        print("\n| from end to end, ns per event | best | p10 | p25 | p50 | B/event |");
        print("| --- | ---: | ---: | ---: | ---: | ---: |");
        results.stream().filter(EventHarness::isHandOff).forEach(EventHarness::printHandOff);
        print("\n| publishing without subscribers | mean ns | best iteration | B/event |");
        print("| --- | ---: | ---: | ---: |");
        results.stream().filter(result -> !isHandOff(result)).forEach(EventHarness::printUnheard);
        print("");
        IdleCpu.main(args);
    }

    private static boolean isHandOff(RunResult result) {
        return result.getParams().getBenchmark().contains("HandOff");
    }

    private static void printHandOff(RunResult result) {
        Statistics times = result.getPrimaryResult().getStatistics();
        StringBuilder row = new StringBuilder("| ")
                .append(result.getParams().getParam("carrier"))
                .append(", ")
                .append(name(result))
                .append(" |");
        for (double percentile : PERCENTILES) {
            row.append(' ').append(Math.round(times.getPercentile(percentile))).append(" |");
        }
        print(row.append(' ').append(allocated(result)).append(" |").toString());
    }

    private static void printUnheard(RunResult result) {
        Statistics times = result.getPrimaryResult().getStatistics();
        print(String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %d |",
                name(result),
                times.getMean(),
                times.getMin(),
                allocated(result)));
    }

    private static String name(RunResult result) {
        return result.getPrimaryResult().getLabel();
    }

    private static long allocated(RunResult result) {
        Result<?> bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
        return Math.round(bytes.getScore());
    }

    @SuppressWarnings("SystemOut")
    private static void print(String line) {
        System.out.println(line);
    }
}
