package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.event.Events;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.time.Deadline;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process whose only carrier of virtual threads is taken by a plugin that computes without end, in its start or in its
 * stop. It prints what the container reports.
 */
final class BlockedCarriers {
    @SuppressWarnings("UnusedVariable") // Written so that the loop is not removed.
    private static volatile long sink;

    private BlockedCarriers() {}

    public static void main(String[] args) throws Exception {
        boolean inStart = args[0].equals("start");
        Map<String, Plugin> plugins = new LinkedHashMap<>();
        plugins.put("busy", plugin("busy", inStart, !inStart));
        plugins.put("innocent", plugin("innocent", false, false));
        PluginGraph graph =
                PluginGraph.of(plugins.values().stream().map(Plugin::descriptor).toList(), Map.of(), new ArrayList<>());
        Ticker ticker = Ticker.system();
        // As in an application: tasks run on virtual threads.
        SystemScheduler scheduler = new SystemScheduler("timer", Thread::startVirtualThread);
        PluginServices services = new PluginServices(
                ticker,
                scheduler,
                scheduler,
                InstantSource.system(),
                new NoSettings(),
                (_, _, _, _) -> Registration.NONE,
                Events.builder().build(),
                CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                ProductionMetrics.builder().build(),
                ErrorRecoveryManager.builder().build(),
                new PluginPages(),
                JsonCodec.installed(),
                new Notifier<>(ticker));
        Duration patience = Duration.ofSeconds(8);
        Map<String, Duration> ofBusy = Map.of("busy", Duration.ofSeconds(2));
        Timeouts timeouts = new Timeouts(patience, patience, patience, patience, ofBusy, ofBusy);
        PluginContainer container = new PluginContainer(graph, plugins, services, () -> timeouts);
        try {
            container.start(Deadline.after(Duration.ofSeconds(10), ticker));
            System.out.println("started");
        } catch (PluginStartException failure) {
            System.out.println("start failed: " + failure.reason() + " " + failure.getMessage());
        }
        for (PluginStop stop :
                container.stop(PluginDescriptor.Stage.SERVICE, Deadline.after(Duration.ofSeconds(10), ticker))) {
            System.out.println(stop.id() + " " + stop.operation() + " " + stop.state() + " "
                    + stop.stack().stream().anyMatch(line -> line.contains("BlockedCarriers.compute")));
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Plugin plugin(String id, boolean computesInStart, boolean computesInStop) {
        return new Plugin() {
            @Override
            public PluginDescriptor descriptor() {
                return PluginDescriptor.of(id).build();
            }

            @Override
            public void start(PluginContext context) {
                if (computesInStart) {
                    compute();
                }
            }

            @Override
            public void stop(Deadline deadline) {
                if (computesInStop) {
                    compute();
                }
            }
        };
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // The value does not matter.
    private static void compute() {
        while (true) {
            sink++;
        }
    }

    private static final class NoSettings implements PluginServices.Settings {
        @Override
        public <T extends Record> @Nullable T find(ConfigSection<T> section) {
            return null;
        }
    }
}
