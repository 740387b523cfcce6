package io.lynx.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.app.ShutdownReport.Phase;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.container.PluginContainer;
import io.lynx.container.PluginStop;
import io.lynx.event.Events;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * One budget, counted from the trigger; every wait inside gets an instant carved from it.
 *
 *   ANNOUNCE ─▶ DELAY ─▶ DRAIN ─▶ PLUGINS ─▶ EXIT
 *                drain_delay  ≤ half of      the rest,       reserve: 10 % of the budget, 1–3 s, at most half of it
 *                             what remains   less the reserve
 *
 * Without `graceful`, and after a start that failed, DELAY and DRAIN are skipped: the listeners close at once.
 */

/** The one stop of an application. The thread that calls {@link #run} is the sequence's own; reports may be asked for by any. */
final class StopSequence {
    private static final Duration LEAST_RESERVE = Duration.ofSeconds(1);
    private static final Duration LARGEST_RESERVE = Duration.ofSeconds(3);

    private final StopTrigger trigger;
    private final ShutdownConfig config;
    private final Duration drainDelay;
    private final ApplicationTime time;
    private final Ticker ticker;
    private final Instant at;
    private final long startedAt;
    private final Deadline budget;

    @GuardedBy("this")
    private final List<Phase> phases = new ArrayList<>();

    @GuardedBy("this")
    private final List<StoppedPlugin> plugins = new ArrayList<>();

    @GuardedBy("this")
    private Phase.@Nullable Name underWay;

    @GuardedBy("this")
    private long phaseStartedAt;

    @GuardedBy("this")
    private long inFlightAtStart;

    @GuardedBy("this")
    private long inFlightAtEnd;

    @GuardedBy("this")
    private long failed;

    @GuardedBy("this")
    private long undelivered;

    @GuardedBy("this")
    private @Nullable ShutdownReport last;

    StopSequence(StopTrigger trigger, ShutdownConfig config, Duration drainDelay, ApplicationTime time, Instant at) {
        this.trigger = trigger;
        this.config = config;
        this.drainDelay = drainDelay;
        this.time = time;
        this.ticker = time.ticker();
        this.at = at;
        this.startedAt = ticker.nanos();
        this.budget = Deadline.after(config.timeout(), ticker);
    }

    /** What is left of the budget. */
    Duration remaining() {
        return budget.remaining();
    }

    StopTrigger trigger() {
        return trigger;
    }

    /**
     * Stops {@code container}, phase by phase.
     *
     * @param events closed last, drained first
     * @param wasReady whether requests were let in
     * @param enter called at the beginning of each phase
     */
    void run(PluginContainer container, Events events, boolean wasReady, Consumer<Phase.Name> enter) {
        begin(Phase.Name.ANNOUNCE, enter);
        synchronized (this) {
            inFlightAtStart = container.traffic().inFlight();
        }
        container.cancelStart(pluginsBy());
        if (wasReady && config.graceful()) {
            begin(Phase.Name.DELAY, enter);
            container.traffic().announceStop(budget);
            pause(budget.atMost(drainDelay));
            begin(Phase.Name.DRAIN, enter);
            boolean _ =
                    container.traffic().drain(budget.atMost(budget.remaining().dividedBy(2)));
            boolean _ = Thread.interrupted();
        }
        long cutOff = container.traffic().inFlight();
        long failedBefore = container.traffic().closeAndCountFailed(pluginsBy());
        synchronized (this) {
            inFlightAtEnd = cutOff;
            failed = failedBefore;
        }
        begin(Phase.Name.PLUGINS, enter);
        add(container.stop(Stage.SERVICE, pluginsBy()));
        begin(Phase.Name.EXIT, enter);
        add(container.stop(Stage.MANAGEMENT, budget.minus(reserve().dividedBy(2))));
        int left = events.close(budget.minus(reserve().dividedBy(4))).count();
        synchronized (this) {
            undelivered += left;
        }
    }

    /** Returns when the plugins of the service must have stopped. */
    Deadline pluginsBy() {
        return budget.minus(reserve());
    }

    private Duration reserve() {
        Duration tenth = config.timeout().dividedBy(10);
        Duration bounded = tenth.compareTo(LEAST_RESERVE) < 0
                ? LEAST_RESERVE
                : tenth.compareTo(LARGEST_RESERVE) > 0 ? LARGEST_RESERVE : tenth;
        Duration half = config.timeout().dividedBy(2);
        return bounded.compareTo(half) > 0 ? half : bounded;
    }

    /** Waits on the application's time. Interruptions are dropped: the sequence has its own deadlines and no caller. */
    private void pause(Deadline until) {
        boolean _ = TimedWait.awaitUninterruptibly(new CompletableFuture<>(), until, time.deadlines());
        boolean _ = Thread.interrupted();
    }

    private void begin(Phase.Name next, Consumer<Phase.Name> enter) {
        synchronized (this) {
            endPhase();
            underWay = next;
            phaseStartedAt = ticker.nanos();
        }
        enter.accept(next);
    }

    @GuardedBy("this")
    private void endPhase() {
        if (underWay != null) {
            phases.add(new Phase(underWay, Duration.ofNanos(ticker.nanos() - phaseStartedAt)));
            underWay = null;
        }
    }

    private synchronized void add(List<PluginStop> stops) {
        for (PluginStop stop : stops) {
            undelivered += stop.undelivered();
            plugins.add(new StoppedPlugin(
                    stop.id(),
                    stop.state(),
                    stop.took(),
                    stop.allowed(),
                    stop.failure() == null ? null : stop.failure().toString(),
                    stop.threadsLeft(),
                    stop.stack()));
        }
    }

    /** How it is going. */
    synchronized ShutdownReport report() {
        if (last != null) {
            return last;
        }
        List<Phase> all = new ArrayList<>(phases);
        if (underWay != null) {
            all.add(new Phase(underWay, Duration.ofNanos(ticker.nanos() - phaseStartedAt)));
        }
        return reportOf(all, false, ExitCode.OK);
    }

    /**
     * Closes the books.
     *
     * @param startFailure what the process should exit with because its start failed; {@link ExitCode#OK} if it did not
     */
    synchronized ShutdownReport finish(int startFailure) {
        endPhase();
        ShutdownReport open = reportOf(phases, true, ExitCode.OK);
        ShutdownReport closed = reportOf(phases, true, exitCode(open, startFailure));
        last = closed;
        return closed;
    }

    @GuardedBy("this")
    private ShutdownReport reportOf(List<Phase> all, boolean isOver, int exitCode) {
        return new ShutdownReport(
                trigger,
                at,
                config.timeout(),
                Duration.ofNanos(ticker.nanos() - startedAt),
                all,
                inFlightAtStart,
                inFlightAtEnd,
                failed,
                undelivered,
                plugins,
                isOver,
                exitCode);
    }

    private int exitCode(ShutdownReport report, int startFailure) {
        if (startFailure != ExitCode.OK) {
            return startFailure;
        }
        if (!report.isClean()) {
            return ExitCode.STOP_NOT_CLEAN;
        }
        return switch (trigger) {
            case StopTrigger.Signal signal ->
                config.exitCode() == ShutdownConfig.OnSignalExit.ZERO
                        ? ExitCode.OK
                        : ExitCode.ofSignal(signal.number());
            case StopTrigger.Request _, StopTrigger.VmExit _ -> ExitCode.OK;
            case StopTrigger.StartFailure _ -> ExitCode.INTERNAL;
        };
    }
}
