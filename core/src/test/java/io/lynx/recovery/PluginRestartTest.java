package io.lynx.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginGraph;
import io.lynx.container.PluginPages;
import io.lynx.container.PluginServices;
import io.lynx.container.PluginStop;
import io.lynx.container.Timeouts;
import io.lynx.event.Events;
import io.lynx.extension.Notifier;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Restarts through the real plugin lifecycle. */
class PluginRestartTest {
    private final List<String> journal = new CopyOnWriteArrayList<>();

    private final class JournalPlugin implements Plugin {
        private final PluginDescriptor descriptor;

        JournalPlugin(PluginDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public PluginDescriptor descriptor() {
            return descriptor;
        }

        @Override
        public void start(PluginContext context) {
            journal.add("start " + descriptor.id());
        }

        @Override
        public void stop(Deadline deadline) {
            journal.add("stop " + descriptor.id());
        }
    }

    @Test
    void dependantsStopBeforeAndStartAfterTheComponent() throws Exception {
        ManualTime time = new ManualTime();
        PluginContainer container = container(
                time,
                PluginDescriptor.of("orders").requires("mysql").build(),
                PluginDescriptor.of("mysql").build());
        container.start(Deadline.after(Duration.ofSeconds(30), time));
        journal.clear();
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(restarter(container)))) {
            fixture.error("mysql", ErrorSeverity.HIGH);

            assertThat(fixture.finished().result()).isEqualTo(RecoveryRecord.Result.RECOVERED);
            assertThat(journal).containsExactly("stop orders", "stop mysql", "start mysql", "start orders");
            assertThat(fixture.manager.errorStats().components().get("mysql"))
                    .isEqualTo(new ErrorStats.ComponentState("ok", 1));
        }
    }

    @Test
    void aComponentThatIsNotAPluginIsNotRestarted() throws Exception {
        ManualTime time = new ManualTime();
        PluginContainer container = container(time, PluginDescriptor.of("mysql").build());
        container.start(Deadline.after(Duration.ofSeconds(30), time));
        try (RecoveryFixture fixture = new RecoveryFixture(builder -> builder.restarter(restarter(container)))) {
            fixture.error("somewhere", ErrorSeverity.HIGH);
            fixture.settle();

            assertThat(fixture.manager.errorStats().recoveryStats().skipped()).isEqualTo(1);
            assertThat(journal).containsExactly("start mysql");
        }
    }

    /** As the application does it; the container here has a clock of its own, which nobody moves. */
    private static Restarter restarter(PluginContainer container) {
        return new Restarter() {
            @Override
            public boolean canRestart(String component) {
                return container.statuses().stream()
                        .anyMatch(plugin -> plugin.id().equals(component));
            }

            @Override
            public void restart(String component) throws Exception {
                List<PluginStop> stops = container.restart(component);
                assertThat(stops).isNotEmpty();
            }
        };
    }

    private PluginContainer container(ManualTime time, PluginDescriptor... descriptors) {
        List<ConfigProblem> problems = new ArrayList<>();
        PluginGraph graph = PluginGraph.of(List.of(descriptors), Map.of(), problems);
        Map<String, Plugin> plugins = new HashMap<>();
        for (PluginDescriptor descriptor : descriptors) {
            plugins.put(descriptor.id(), new JournalPlugin(descriptor));
        }
        PluginServices.Settings noSettings = new PluginServices.Settings() {
            @Override
            public <T extends Record> @Nullable T find(ConfigSection<T> section) {
                return null;
            }
        };
        Duration patience = Duration.ofSeconds(10);
        return new PluginContainer(
                graph,
                plugins,
                new PluginServices(
                        time,
                        time,
                        time,
                        InstantSource.system(),
                        noSettings,
                        (_, _, _, _) -> () -> {},
                        Events.builder().ticker(time).scheduler(time).build(),
                        CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                        ProductionMetrics.builder().build(),
                        ErrorRecoveryManager.builder().build(),
                        new PluginPages(),
                        JsonCodec.installed(),
                        new Notifier<>(time)),
                () -> new Timeouts(patience, patience, patience, patience, Map.of(), Map.of()));
    }
}
