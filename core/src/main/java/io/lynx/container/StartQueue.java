package io.lynx.container;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The plugins of one start that may start next: those whose dependencies run. It counts the dependencies of each that are
 * missing, among the plugins of this start. For one thread.
 */
final class StartQueue {
    private final PluginGraph graph;
    private final Map<String, PluginRuntime> runtimes;
    private final Map<String, Integer> missing = new HashMap<>();
    private final PriorityQueue<PluginRuntime> ready =
            new PriorityQueue<>((left, right) -> StartOrder.INSTANCE.compare(left.descriptor(), right.descriptor()));
    private final Set<String> failed = new LinkedHashSet<>();

    StartQueue(PluginGraph graph, Map<String, PluginRuntime> runtimes) {
        this.graph = graph;
        this.runtimes = runtimes;
    }

    /** Adds the plugins that are to start. */
    void add(Set<String> subset) {
        for (String id : subset) {
            int count = 0;
            for (String dependency : graph.dependencies(id)) {
                count += subset.contains(dependency) ? 1 : 0;
            }
            missing.put(id, count);
            if (count == 0) {
                ready.add(runtime(id));
            }
        }
    }

    /**
     * Returns those that cannot start, each with the plugins that it requires and that are not running: in a restart, a
     * dependency that does not restart may be down.
     */
    Map<String, Set<String>> withoutDependency() {
        Map<String, Set<String>> blocked = new LinkedHashMap<>();
        for (String id : missing.keySet()) {
            Set<String> down = graph.unsatisfied(
                    id, other -> !missing.containsKey(other) && !runtime(other).isUp());
            if (!down.isEmpty()) {
                blocked.put(id, down);
            }
        }
        return blocked;
    }

    /** Takes the next that may start; null if there is none now. */
    @Nullable
    PluginRuntime next() {
        PluginRuntime next = ready.poll();
        while (next != null && failed.contains(next.id())) {
            next = ready.poll();
        }
        return next;
    }

    void started(String id) {
        for (String dependant : graph.dependants(id)) {
            satisfyOne(dependant);
        }
    }

    /**
     * Notes a failure.
     *
     * @return the plugins that cannot start because of it, each with what it requires and what is not running
     */
    Map<String, Set<String>> failed(String id) {
        failed.add(id);
        Map<String, Set<String>> blocked = new LinkedHashMap<>();
        for (String dependant : graph.dependants(id)) {
            if (missing.containsKey(dependant)) {
                Set<String> down = graph.unsatisfied(dependant, failed::contains);
                if (down.isEmpty()) {
                    satisfyOne(dependant);
                } else {
                    blocked.put(dependant, down);
                }
            }
        }
        return blocked;
    }

    boolean hasFailed(String id) {
        return failed.contains(id);
    }

    private void satisfyOne(String dependant) {
        if (missing.containsKey(dependant) && missing.merge(dependant, -1, Integer::sum) == 0) {
            ready.add(runtime(dependant));
        }
    }

    private PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }
}
