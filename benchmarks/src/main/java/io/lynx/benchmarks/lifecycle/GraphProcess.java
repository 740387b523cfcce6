package io.lynx.benchmarks.lifecycle;

import com.sun.management.OperatingSystemMXBean;
import io.lynx.app.Application;
import io.lynx.app.ShutdownReport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Starts and stops the same graph several times in one JVM, and writes a line for each time: {@code round I START STOP
 * CHAIN PROCESSOR}, in nanoseconds; {@code CHAIN} is the time of the slowest chain of stops, each as long as it took by
 * itself, {@code PROCESSOR} what the start used of the processors.
 * Arguments: shape, count, longest stop in ms, rounds, further {@code key=value} of the configuration.
 */
public final class GraphProcess {
    private GraphProcess() {}

    /** Runs it. */
    public static void main(String[] args) throws InterruptedException {
        Shape shape = Shape.valueOf(args[0]);
        int count = Integer.parseInt(args[1]);
        Duration stops = Duration.ofMillis(Long.parseLong(args[2]));
        int rounds = Integer.parseInt(args[3]);
        for (int round = 1; round <= rounds; round++) {
            List<IdlePlugin> plugins = shape.plugins(count, stops);
            Application.Builder building = Application.builder()
                    .discoverPlugins(false)
                    .set("lynx.application.name", "graph")
                    .set("lynx.application.version", "1.0.0");
            plugins.forEach(building::plugin);
            for (String setting : List.of(args).subList(4, args.length)) {
                building.set(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
            }
            Application application = building.build();

            long processorBefore = processorNanos();
            long beforeStart = System.nanoTime();
            application.start();
            long start = System.nanoTime() - beforeStart;
            long processor = processorNanos() - processorBefore;
            long beforeStop = System.nanoTime();
            ShutdownReport report = application.stop();
            long stop = System.nanoTime() - beforeStop;

            if (!report.isClean() || report.plugins().size() != count) {
                throw new IllegalStateException("round " + round + ": the stop was not clean; " + report);
            }
            System.out.println(
                    "round " + round + " " + start + " " + stop + " " + slowestChain(plugins) + " " + processor);
        }
    }

    /** Returns the processor time of all threads of this process, including the compiler's. */
    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Plugins follow their dependencies, so one pass from the last to the first finds every chain. */
    private static long slowestChain(List<IdlePlugin> plugins) {
        IdentityHashMap<IdlePlugin, Long> before = new IdentityHashMap<>();
        long slowest = 0;
        for (IdlePlugin plugin : plugins.reversed()) {
            long chain = before.getOrDefault(plugin, 0L) + plugin.stopNanos();
            plugin.dependencies().forEach(dependency -> before.merge(dependency, chain, Math::max));
            slowest = Math.max(slowest, chain);
        }
        return slowest;
    }
}
