package io.lynx.container;

import io.lynx.config.ConfigSection;
import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.event.Events;
import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.json.JsonCodec;
import io.lynx.metrics.Exposition;
import io.lynx.metrics.ProductionMetrics;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.Await;
import io.lynx.testkit.ManualTime;
import io.lynx.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A container of fake plugins on manual time, with a record of what it says. */
final class ContainerFixture {
    static final Duration START = Duration.ofSeconds(30);
    static final Duration STOP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final Duration PAUSE = Duration.ofMillis(5);

    /** What the wall clock shows at the beginning of the manual time. */
    static final Instant CLOCK_START = Instant.parse("2026-01-01T00:00:00Z");

    final ManualTime time = new ManualTime();
    final InstantSource clock = () -> CLOCK_START.plusNanos(time.nanos());
    final List<String> journal = FakePlugin.journal();
    final List<String> observed = new CopyOnWriteArrayList<>();
    final Events events = Events.builder().ticker(time).scheduler(time).build();
    final ProductionMetrics metrics = ProductionMetrics.builder().build();
    final PluginPages pages = new PluginPages();
    final Notifier<PluginEvent> notifier = new Notifier<>(time);
    final Map<String, Plugin> plugins = new LinkedHashMap<>();
    PluginServices.HealthRegistrar health = (plugin, name, options, check) -> Registration.NONE;
    private @Nullable PluginContainer container;

    FakePlugin add(String id) {
        return add(id, description -> description);
    }

    FakePlugin add(String id, UnaryOperator<PluginDescriptor.Builder> description) {
        FakePlugin plugin = new FakePlugin(journal, id, description);
        plugins.put(id, plugin);
        return plugin;
    }

    PluginContainer container() {
        if (container == null) {
            List<ConfigProblem> problems = new ArrayList<>();
            PluginGraph graph = PluginGraph.of(
                    plugins.values().stream().map(Plugin::descriptor).toList(), Map.of(), problems);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(problems.toString());
            }
            PluginServices.Settings noSettings = new PluginServices.Settings() {
                @Override
                public <T extends Record> @Nullable T find(ConfigSection<T> section) {
                    return null;
                }
            };
            PluginServices services = new PluginServices(
                    time,
                    time,
                    time,
                    clock,
                    noSettings,
                    (plugin, name, options, check) -> health.register(plugin, name, options, check),
                    events,
                    CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                    metrics,
                    ErrorRecoveryManager.builder().build(),
                    pages,
                    JsonCodec.installed(),
                    notifier);
            Registration _ = notifier.add("test", this::on);
            container = new PluginContainer(graph, plugins, services, this::timeouts);
        }
        return container;
    }

    private Timeouts timeouts() {
        return new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(30), START, STOP, Map.of(), Map.of());
    }

    /** Returns the value of one series in the text format of a scrape. */
    double metric(String series) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exposition.text().write(metrics.registry().scrape(), out);
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    void start() throws PluginStartException {
        container().start(within(Duration.ofSeconds(60)));
    }

    List<PluginStop> stop() {
        return stop(Duration.ofSeconds(20));
    }

    List<PluginStop> stop(Duration budget) {
        return container().stop(PluginDescriptor.Stage.SERVICE, within(budget));
    }

    Deadline within(Duration duration) {
        return Deadline.after(duration, time);
    }

    /** Runs {@code work} on a thread of its own. */
    static <T> FutureTask<T> async(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /**
     * Moves the time on in steps until {@code work} is done, so that alarms set on the way go off too. The pause after each
     * step lets the threads of plugins that do not hang do their work within the time that they have.
     */
    <T> T advanceUntilDone(FutureTask<T> work) throws Exception {
        Await.until("the work is done; so far there were " + journal, PATIENCE, PAUSE, () -> {
            if (!work.isDone()) {
                time.advance(Duration.ofMillis(50));
            }
            return work.isDone();
        });
        return work.get();
    }

    /**
     * Moves the time on in steps until this is in the journal or has been observed, so that what hangs exceeds its time. What comes
     * after it has as much real time as it needs.
     */
    void advanceUntil(String line) {
        Await.until("'" + line + "' comes; so far there were " + journal, PATIENCE, PAUSE, () -> {
            boolean isThere = journal.contains(line) || observed.contains(line);
            if (!isThere) {
                time.advance(Duration.ofMillis(50));
            }
            return isThere;
        });
    }

    PluginStatus status(String id) {
        return container().statuses().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    PluginState state(String id) {
        return status(id).state();
    }

    private void on(PluginEvent event) {
        String id = event.plugin().id();
        observed.add(
                switch (event) {
                    case PluginEvent.StateChanged changed ->
                        id + " " + changed.before() + " → " + changed.plugin().state();
                    case PluginEvent.StartSlow slow ->
                        id + " slow, at "
                                + (slow.stack().isEmpty()
                                        ? "nothing"
                                        : slow.stack().getFirst().getMethodName());
                    case PluginEvent.DeadlineExceeded late -> id + " exceeded the deadline of its " + late.operation();
                    case PluginEvent.Abandoned abandoned -> id + " abandoned in its " + abandoned.operation();
                    case PluginEvent.LateResult late -> id + " late result of its " + late.operation();
                    case PluginEvent.ThreadDied died ->
                        id + " " + died.thread() + " died of " + died.failure().getMessage();
                    case PluginEvent.JobFinished finished -> finished.job() + " " + finished.outcome();
                    case PluginEvent.JobOverdue overdue -> overdue.job() + " overdue";
                    case PluginEvent.LeadershipChanged changed ->
                        changed.change().leadership() + " "
                                + changed.change().getClass().getSimpleName();
                    case PluginEvent.VirtualMachineFailed failed ->
                        "fatal " + failed.failure().getClass().getSimpleName();
                });
    }
}
