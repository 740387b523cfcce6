package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.container.PluginStartException.Reason;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * One run of starts or stops at a time: `oneRun` is held by the platform thread that runs it. A shutdown that arrives during
 * a restart cancels its start, hurries its stop, and waits for the lock within its own deadline. A start that cannot be
 * interrupted at once, since it loads classes on a busy machine for example, gets the time that the shutdown has, less a quarter
 * if plugins are up that have to stop, and less a sixteenth otherwise.
 */

/** The runs of starts and stops of one application's plugins. Thread-safe. */
final class PluginRuns {
    /** How long a start may take to abandon its plugins when its time is over. */
    private static final long ABANDONING_NANOS = Duration.ofMillis(250).toNanos();

    final PluginGraph graph;
    final Map<String, PluginRuntime> runtimes;
    final PluginServices services;
    final Traffic traffic;
    private final Supplier<Timeouts> timeouts;
    private final EarlierStops earlier = new EarlierStops();
    private final ReentrantLock oneRun = new ReentrantLock();
    private volatile @Nullable StartRun starting;
    private volatile @Nullable StopRun restartStop;
    private volatile @Nullable Deadline stopBy;
    /** The end of a start that a shutdown has cancelled. */
    private volatile @Nullable Deadline startBy;

    /** The thread that opens listeners; null while none does. */
    @GuardedBy("this")
    private @Nullable Thread opener;

    PluginRuns(
            PluginGraph graph,
            Map<String, PluginRuntime> runtimes,
            PluginServices services,
            Supplier<Timeouts> timeouts) {
        this.graph = graph;
        this.runtimes = runtimes;
        this.services = services;
        this.timeouts = timeouts;
        this.traffic = new Traffic(services.ticker(), services.deadlines());
    }

    Timeouts timeouts() {
        return timeouts.get();
    }

    PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }

    boolean isStopping() {
        return stopBy != null;
    }

    /** Returns the starts and stops that are in progress, each with what its thread is doing now. */
    List<PluginStop> inProgress() {
        return runtimes.values().stream()
                .map(PluginRuntime::inProgress)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Waits for the other run to end. */
    void lock() {
        oneRun.lock();
    }

    /** Waits for the other run to end; returns false if it does not in time. */
    boolean lock(Duration patience) throws InterruptedException {
        return oneRun.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    void unlock() {
        oneRun.unlock();
    }

    /** Starts plugins and opens their listeners. The caller holds the lock. */
    void startAndOpen(Set<String> subset, Deadline deadline) throws PluginStartException {
        StartRun run = new StartRun(graph, runtimes, services, timeouts.get(), deadline, earlier::add);
        starting = run;
        try {
            Deadline shutdown = stopBy;
            if (shutdown != null) {
                run.cancel(shutdown);
            }
            run.run(subset);
            openAll(subset, deadline);
        } finally {
            starting = null;
        }
    }

    private void openAll(Set<String> subset, Deadline deadline) throws PluginStartException {
        opener(Thread.currentThread());
        try {
            for (String id : subset) {
                open(runtime(id), deadline);
            }
        } finally {
            opener(null);
            if (isStopping()) {
                boolean _ = Thread.interrupted(); // Meant for the listener that was being opened.
            }
        }
    }

    private synchronized void opener(@Nullable Thread thread) {
        opener = thread;
    }

    private static PluginStartException cancelled() {
        return new PluginStartException(Reason.CANCELLED, "the start was cancelled", new InterruptedException());
    }

    private void open(PluginRuntime runtime, Deadline deadline) throws PluginStartException {
        PluginScope scope = runtime.scope();
        if (scope == null) {
            return;
        }
        if (isStopping()) {
            throw cancelled();
        }
        try {
            traffic.open(runtime.id(), scope.trafficListeners(), deadline);
        } catch (Throwable failure) {
            boolean isCancelled = failure instanceof InterruptedException || failure instanceof CancellationException;
            if (isCancelled && isStopping()) {
                throw cancelled();
            }
            runtime.reportIfFatal(failure);
            runtime.change(life -> life.failed(failure));
            if (runtime.descriptor().required()) {
                throw PluginStartException.notOpen(runtime.id(), failure);
            }
        }
    }

    /**
     * Makes a start that is in progress, and every later one, end in a cancellation. Does not wait.
     *
     * @param limit the time by which clean-ups must be over
     */
    void cancelStart(Deadline limit) {
        stopBy = limit;
        StartRun start = starting;
        if (start != null) {
            Deadline own = limit.minus(limit.remaining().dividedBy(isAnyUp() ? 4 : 16));
            Deadline before = startBy;
            startBy = before == null ? own : before.earliest(own);
            start.cancel(own);
        }
        synchronized (this) {
            if (opener != null) {
                opener.interrupt();
            }
        }
        StopRun stop = restartStop;
        if (stop != null) {
            stop.hurry(limit);
        }
    }

    private boolean isAnyUp() {
        for (PluginRuntime runtime : runtimes.values()) {
            if (runtime.isUp()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Stops the plugins of {@code stage} that are up, after a start or restart that is in progress has ended. No start
     * succeeds after it.
     *
     * @return how that went, and before it the stops of a restart that this shutdown met and everything that was abandoned
     *     since the start
     */
    List<PluginStop> stop(Stage stage, Deadline deadline) {
        cancelStart(deadline);
        Set<String> subset = new LinkedHashSet<>();
        for (PluginRuntime runtime : runtimes.values()) {
            if (runtime.descriptor().stage() == stage) {
                subset.add(runtime.id());
            }
        }
        boolean locked = lockWithin(deadline);
        try {
            List<PluginStop> stops =
                    new StopRun(graph, runtimes, services, timeouts.get(), deadline, _ -> {}).run(subset);
            // Read before the earlier ones: what is abandoned meanwhile is among these first.
            List<PluginStop> unfinished = locked ? List.of() : inProgress();
            List<PluginStop> all = new ArrayList<>(earlier.take(subset));
            for (PluginStop stop : unfinished) {
                if (subset.contains(stop.id()) && all.stream().noneMatch(stop::isSameOperation)) {
                    all.add(stop.withState(PluginState.ABANDONED));
                }
            }
            stops.forEach(stop -> all.add(withListenerFailure(stop)));
            return all;
        } finally {
            if (locked) {
                oneRun.unlock();
            }
        }
    }

    private PluginStop withListenerFailure(PluginStop stop) {
        Throwable failure = traffic.takeFailure(stop.id());
        return failure == null ? stop : stop.withFailure(failure);
    }

    /** Returns whether the lock was acquired; a shutdown goes on without it when most of its time has passed. */
    private boolean lockWithin(Deadline deadline) {
        boolean interrupted = Thread.interrupted();
        try {
            return oneRun.tryLock(patience(deadline), TimeUnit.NANOSECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
            return oneRun.tryLock();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long patience(Deadline deadline) {
        long left = deadline.remainingNanos();
        Deadline start = startBy;
        long ofStart = start == null ? 0 : Math.min(left, start.remainingNanos() + ABANDONING_NANOS);
        return Math.max(left / 4 * 3, ofStart);
    }

    /** Drains and stops plugins that are to start again. The caller holds the lock. */
    List<PluginStop> stopForRestart(List<String> order, Timeouts limits) {
        Deadline deadline = Deadline.after(limits.wholeStop(), services.ticker());
        Deadline drain = deadline.atMost(limits.wholeStop().dividedBy(2));
        for (String id : order.reversed()) {
            traffic.leave(id, drain);
        }
        StopRun run = new StopRun(graph, runtimes, services, limits, deadline, earlier::add);
        restartStop = run;
        Deadline shutdown = stopBy;
        if (shutdown != null) {
            run.hurry(shutdown);
        }
        List<PluginStop> stops = List.of();
        try {
            stops = run.run(new LinkedHashSet<>(order)).stream()
                    .map(this::withListenerFailure)
                    .toList();
            return stops;
        } finally {
            restartStop = null;
            boolean reportsAll = isStopping();
            stops.stream()
                    .filter(stop -> reportsAll || stop.state() == PluginState.ABANDONED)
                    .forEach(earlier::add);
        }
    }
}
