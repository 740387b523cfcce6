package io.lynx.container;

import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.time.Deadline;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The restarts of one application's plugins: at most one runs, and at most one waits for each plugin. Thread-safe. */
final class RestartQueue {
    private final PluginRuns runs;
    private final Map<String, PluginRestart> restarts = new ConcurrentHashMap<>();

    RestartQueue(PluginRuns runs) {
        this.runs = runs;
    }

    /** As {@link PluginContainer#restart}. */
    List<PluginStop> restart(String id) throws PluginStartException, InterruptedException {
        Set<String> affected =
                runs.graph.withDependants(runs.graph.descriptor(id).id());
        requireNotStopping(id);
        PluginRestart restart = Objects.requireNonNull(restarts.compute(id, (_, waiting) -> {
            if (waiting != null && waiting.isWaiting()) {
                return waiting;
            }
            PluginRestart created = new PluginRestart(id, affected);
            created.launch(() -> restartNow(created));
            return created;
        }));
        Thread caller = Thread.currentThread();
        boolean waitsForItself =
                affected.stream().anyMatch(member -> runs.runtime(member).hasThread(caller));
        return waitsForItself ? List.of() : restart.await();
    }

    private void requireNotStopping(String id) {
        if (runs.isStopping()) {
            throw new IllegalStateException("plugin '" + id + "': cannot restart; the application is stopping");
        }
    }

    private List<PluginStop> restartNow(PluginRestart restart) throws PluginStartException, InterruptedException {
        Timeouts limits = runs.timeouts();
        if (!runs.lock(limits.wholeStart())) {
            throw new IllegalStateException(
                    "plugin '" + restart.id() + "': cannot restart now; another start or stop is in progress");
        }
        try {
            restart.begin();
            requireNotStopping(restart.id());
            Set<String> upBefore = new LinkedHashSet<>(Set.of(restart.id()));
            restart.affected().stream()
                    .filter(member -> runs.runtime(member).isUp())
                    .forEach(upBefore::add);
            List<String> order = runs.graph.order().stream()
                    .filter(restart.affected()::contains)
                    .toList();
            List<PluginStop> stops = runs.stopForRestart(order, limits);
            startAgain(order, limits);
            requireRunning(upBefore);
            return stops;
        } finally {
            restarts.remove(restart.id(), restart);
            runs.unlock();
        }
    }

    private void startAgain(List<String> order, Timeouts limits) throws PluginStartException {
        try {
            Deadline deadline = Deadline.after(limits.wholeStart(), runs.services.ticker());
            runs.startAndOpen(new LinkedHashSet<>(order), deadline);
        } catch (PluginStartException failure) {
            order.stream().map(runs::runtime).filter(runtime -> !runtime.isUp()).forEach(PluginRuntime::showHealth);
            throw failure;
        }
    }

    /** An optional plugin that fails does not fail the run, but it fails the restart. */
    private void requireRunning(Set<String> ids) throws PluginStartException {
        for (String id : ids) {
            PluginStatus now = runs.runtime(id).status();
            if (now.state() != PluginState.RUNNING) {
                throw PluginStartException.notRunning(now);
            }
        }
    }
}
