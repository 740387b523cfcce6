package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.leadership.LeaseBackend;
import io.lynx.page.PluginPage;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.function.Supplier;

/** The plugins of one application. It starts, stops and restarts them, in parallel within a run. Thread-safe. */
public final class PluginContainer {
    /** The owner of what the application itself shares. */
    private static final String APPLICATION = "lynx";

    private final PluginServices services;
    private final SharedResources shared;
    private final PluginRuns runs;
    private final RestartQueue restarts;

    /**
     * Creates a container that has started nothing yet.
     *
     * @param plugins by id, each with a node in the graph
     * @param timeouts read at the beginning of each run of starts or stops
     */
    public PluginContainer(
            PluginGraph graph, Map<String, Plugin> plugins, PluginServices services, Supplier<Timeouts> timeouts) {
        this.services = services;
        this.shared = new SharedResources(graph.providers(LeaseBackend.CAPABILITY));
        Map<String, PluginRuntime> runtimes = new LinkedHashMap<>();
        for (String id : graph.order()) {
            Plugin plugin = Objects.requireNonNull(plugins.get(id));
            List<String> dependencies = new ArrayList<>(graph.dependencies(id));
            Collections.sort(dependencies);
            runtimes.put(id, new PluginRuntime(plugin, graph.descriptor(id), dependencies, services, shared));
        }
        this.runs = new PluginRuns(graph, runtimes, services, timeouts);
        this.restarts = new RestartQueue(runs);
    }

    /** Shares an object of the application with all plugins. */
    public <T> void share(ResourceKey<T> key, T value) {
        Registration _ = shared.share(APPLICATION, key, value);
    }

    /** Returns the open listeners. */
    public Traffic traffic() {
        return runs.traffic;
    }

    /** Returns all plugins, in start order. */
    public List<PluginStatus> statuses() {
        return runs.runtimes.values().stream().map(PluginRuntime::status).toList();
    }

    /** Returns the leaderships for which a plugin is a candidate now. */
    public SortedSet<String> leaderships() {
        return shared.reserved(Candidacies.KIND);
    }

    /** Returns the starts and stops that are in progress, each with what its thread is doing now. */
    public List<PluginStop> inProgress() {
        return runs.inProgress();
    }

    /** Returns the pages and panels that plugins have added. */
    public List<PluginPage> pages() {
        return services.pages().all();
    }

    /** Returns how many threads the plugins have now: their own, and those that start or stop them. */
    public int threads() {
        return runs.runtimes.values().stream().mapToInt(PluginRuntime::threads).sum();
    }

    /**
     * Starts all plugins and then opens their listeners.
     *
     * @throws PluginStartException if a required one failed, or the start was cancelled or too slow; what had started is
     *     then still up, to be stopped by {@link #stop}
     */
    public void start(Deadline deadline) throws PluginStartException {
        PlatformThread.run("lynx-start", () -> {
            runs.lock();
            try {
                runs.startAndOpen(new LinkedHashSet<>(runs.graph.order()), deadline);
            } finally {
                runs.unlock();
            }
        });
    }

    /**
     * Makes a start that is in progress, and every later one, end in a cancellation. Does not wait.
     *
     * @param limit the time by which clean-ups must be over
     */
    public void cancelStart(Deadline limit) {
        runs.cancelStart(limit);
    }

    /**
     * Stops the plugins of {@code stage} that are up, after a start or restart that is in progress has ended. No start
     * succeeds after it.
     *
     * @return how that went, and before it the stops of a restart that this shutdown met and everything that was abandoned
     *     since the start
     */
    public List<PluginStop> stop(Stage stage, Deadline deadline) {
        return runs.stop(stage, deadline);
    }

    /**
     * Stops {@code id} with everything that depends on it, in reverse order, and starts it again, on a thread of its own: a
     * restart that has begun runs to its end. It is bounded by the time-outs of stops and starts. A second request for a
     * plugin whose restart has not begun joins that one. A thread that belongs to a plugin that is restarted does not wait.
     *
     * @return how the stops went; empty if the caller does not wait
     * @throws PluginStartException if the plugin, or one that ran before and depends on it, does not run again
     * @throws IllegalArgumentException if there is no such plugin
     * @throws IllegalStateException if the application is stopping, or another run does not end in time
     * @throws InterruptedException if interrupted while waiting; the restart goes on
     */
    public List<PluginStop> restart(String id) throws PluginStartException, InterruptedException {
        return restarts.restart(id);
    }
}
