package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.page.PluginPage;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.PluginStatus;
import io.lynx.plugin.ResourceKey;
import io.lynx.time.Deadline;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of one application. Starts, stops and restarts them, one run at a time, in parallel within the run. Thread-
 * safe; nothing is called back while its lock is held by anyone but the run's own thread.
 */
public final class PluginContainer {
    /** The owner of what the application itself shares. */
    private static final String APPLICATION = "lynx";

    private final PluginGraph graph;
    private final PluginServices services;
    private final Supplier<Timeouts> timeouts;
    private final SharedResources shared = new SharedResources();
    private final Map<String, PluginRuntime> runtimes = new LinkedHashMap<>();
    private final Traffic traffic = new Traffic();
    private final ReentrantLock oneRun = new ReentrantLock();
    private volatile @Nullable StartRun starting;
    private volatile boolean stopping;

    /**
     * A container that has started nothing yet.
     *
     * @param plugins by id, each with a node in the graph
     * @param timeouts asked at the beginning of each run of starts or stops
     */
    public PluginContainer(
            PluginGraph graph, Map<String, Plugin> plugins, PluginServices services, Supplier<Timeouts> timeouts) {
        this.graph = graph;
        this.services = services;
        this.timeouts = timeouts;
        for (String id : graph.order()) {
            Plugin plugin = Objects.requireNonNull(plugins.get(id));
            List<String> dependencies = graph.dependencies(id).stream().sorted().toList();
            runtimes.put(id, new PluginRuntime(plugin, graph.descriptor(id), dependencies, services, shared));
        }
    }

    /** Shares something of the application's with all plugins. */
    public <T> void share(ResourceKey<T> key, T value) {
        Registration _ = shared.share(APPLICATION, key, value);
    }

    /** The open listeners. */
    public Traffic traffic() {
        return traffic;
    }

    /** All plugins, in start order. */
    public List<PluginStatus> statuses() {
        return runtimes.values().stream().map(PluginRuntime::status).toList();
    }

    /** Returns the pages and panels that plugins have added. */
    public List<PluginPage> pages() {
        return services.pages().all();
    }

    /** How many virtual threads its plugins have just now: their own, and those that start or stop them. */
    public int threads() {
        return runtimes.values().stream().mapToInt(PluginRuntime::threads).sum();
    }

    /**
     * Starts all plugins and then opens their listeners.
     *
     * @throws PluginStartException if a required one failed, or the start was cancelled or too slow; what had started is
     *     then still up, to be stopped by {@link #stop}
     */
    public void start(Deadline deadline) throws PluginStartException {
        oneRun.lock();
        try {
            startAndOpen(new LinkedHashSet<>(graph.order()), deadline);
        } finally {
            oneRun.unlock();
        }
    }

    private void startAndOpen(Set<String> subset, Deadline deadline) throws PluginStartException {
        StartRun run = new StartRun(graph, runtimes, services, timeouts.get(), deadline);
        starting = run;
        try {
            if (stopping) {
                run.cancel();
            }
            run.run(subset);
            for (String id : subset) {
                open(runtime(id));
            }
        } finally {
            starting = null;
        }
    }

    private void open(PluginRuntime runtime) throws PluginStartException {
        PluginScope scope = runtime.scope();
        if (scope == null) {
            return;
        }
        if (stopping) {
            throw new PluginStartException(
                    "", PluginStartException.Reason.CANCELLED, "the start was cancelled", new InterruptedException());
        }
        try {
            traffic.open(runtime.id(), scope.trafficListeners());
        } catch (Exception failure) {
            runtime.change(life -> life.failed(failure));
            if (runtime.descriptor().required()) {
                throw new PluginStartException(
                        runtime.id(),
                        PluginStartException.Reason.FAILED,
                        "plugin '" + runtime.id() + "': failed to open its listener: " + failure.getMessage(),
                        failure);
            }
        }
    }

    /** Makes a start that is under way, and every later one, end in a cancellation. Does not wait. */
    public void cancelStart() {
        stopping = true;
        StartRun run = starting;
        if (run != null) {
            run.cancel();
        }
    }

    /**
     * Stops the plugins of {@code stage} that are up, waiting for a start or restart under way to end first. No start
     * succeeds after it.
     */
    public List<PluginStop> stop(Stage stage, Deadline deadline) {
        cancelStart();
        Set<String> subset = new LinkedHashSet<>();
        for (PluginRuntime runtime : runtimes.values()) {
            if (runtime.descriptor().stage() == stage) {
                subset.add(runtime.id());
            }
        }
        boolean _ = lockWithin(deadline);
        try {
            return new StopRun(graph, runtimes, services, timeouts.get(), deadline).run(subset);
        } finally {
            if (oneRun.isHeldByCurrentThread()) {
                oneRun.unlock();
            }
        }
    }

    /** Whether the lock was had; a stop goes on without it, since the run that has it has been cancelled. */
    private boolean lockWithin(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            return oneRun.tryLock(deadline.remainingNanos() / 2, TimeUnit.NANOSECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Stops {@code id} with all that depend on it, in reverse order, and starts them again.
     *
     * @return how the stops went
     * @throws PluginStartException if one of them does not start again; it and those that need it stay down
     * @throws IllegalArgumentException if there is no such plugin
     * @throws IllegalStateException if the application is stopping, or another run does not end before the deadline
     * @throws InterruptedException if interrupted while waiting for another run or for the drain
     */
    public List<PluginStop> restart(String id, Deadline deadline) throws PluginStartException, InterruptedException {
        Set<String> affected = graph.withDependants(graph.descriptor(id).id());
        if (!oneRun.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException(
                    "plugin '" + id + "': cannot restart now; another start or stop is under way");
        }
        try {
            if (stopping) {
                throw new IllegalStateException("plugin '" + id + "': cannot restart; the application is stopping");
            }
            Deadline half = deadline.atMost(deadline.remaining().dividedBy(2));
            List<String> order =
                    graph.order().stream().filter(affected::contains).toList();
            for (String member : order.reversed()) {
                traffic.leave(member, half);
            }
            List<PluginStop> stops = new StopRun(graph, runtimes, services, timeouts.get(), deadline).run(affected);
            try {
                startAndOpen(new LinkedHashSet<>(order), deadline);
            } catch (PluginStartException failure) {
                order.stream()
                        .map(this::runtime)
                        .filter(runtime -> !runtime.isUp())
                        .forEach(PluginRuntime::showHealth);
                throw failure;
            }
            return stops;
        } finally {
            oneRun.unlock();
        }
    }

    private PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }
}
