package io.lynx.app;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.event.Events.EventsCloseReport;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.health.HealthSnapshot;
import io.lynx.os.ExitCall;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/*
 * There is one budget, counted from the request; every wait inside of it gets an instant carved from it.
 *
 *   ANNOUNCE ─▶ DELAY ─▶ DRAIN ─▶ PLUGINS ─▶ EXIT
 *   ≤ 1 s       drain_delay  ≤ half of     the rest,       reserve: 10 % of the budget, 1–3 s, at most half of it
 *                            what remains  less the reserve
 *
 * Without lynx.shutdown.graceful, and after a start that failed, DELAY and DRAIN are skipped.
 */

/** The steps of the shutdown of one application. Used by one thread. */
final class ShutdownSequence {
    private static final Duration ANNOUNCE = Duration.ofSeconds(1);
    private static final Duration LATE_TIMER = Duration.ofSeconds(2);
    private static final Duration CLOSE_LISTENERS = Duration.ofSeconds(1);
    private static final Duration RECOVERY = Duration.ofSeconds(1);
    private static final Duration LOGS = Duration.ofMillis(500);
    private static final Duration LEAST_RESERVE = Duration.ofSeconds(1);
    private static final Duration LARGEST_RESERVE = Duration.ofSeconds(3);

    private final ApplicationParts parts;
    private final ShutdownTrigger trigger;
    private final ShutdownConfig config;
    private final Duration drainDelay;
    private final ApplicationTime time;
    private final Deadline budget;
    private final ShutdownProgress progress;
    private final LoggingBackends logging;

    /**
     * Creates the sequence; nothing happens before {@link #steps} are run.
     *
     * @param drainDelay how long all requests are still served after the announcement
     * @param budget the end of the whole budget
     */
    ShutdownSequence(
            ApplicationParts parts,
            ShutdownTrigger trigger,
            ShutdownConfig config,
            Duration drainDelay,
            ApplicationTime time,
            Deadline budget,
            ShutdownProgress progress,
            LoggingBackends logging) {
        this.parts = parts;
        this.trigger = trigger;
        this.config = config;
        this.drainDelay = drainDelay;
        this.time = time;
        this.budget = budget;
        this.progress = progress;
        this.logging = logging;
    }

    /**
     * Returns the whole shutdown, in order.
     *
     * @param wasServing whether requests were accepted
     * @param report publishes the report
     */
    List<ShutdownStep> steps(boolean wasServing, Runnable report) {
        List<ShutdownStep> steps = new ArrayList<>();
        steps.add(new ShutdownStep(Phase.Name.ANNOUNCE, "announce", it -> it.atMost(ANNOUNCE), this::announce));
        if (wasServing && config.graceful()) {
            // The delay itself is shorter than its share, so that a late timer does not look like a hang.
            steps.add(new ShutdownStep(
                    Phase.Name.DELAY, "delay", it -> it.atMost(drainDelay.plus(LATE_TIMER)), _ -> delay()));
            steps.add(new ShutdownStep(Phase.Name.DRAIN, "drain", ShutdownSequence::half, this::drain));
        }
        steps.addAll(List.of(
                new ShutdownStep(
                        Phase.Name.PLUGINS, "close listeners", it -> it.atMost(CLOSE_LISTENERS), this::closeListeners),
                new ShutdownStep(Phase.Name.PLUGINS, "recovery", it -> it.atMost(RECOVERY), this::closeRecovery),
                new ShutdownStep(Phase.Name.PLUGINS, "plugins", allBut(1), it -> stopPlugins(Stage.SERVICE, it)),
                new ShutdownStep(
                        Phase.Name.EXIT, "management plugins", allBut(2), it -> stopPlugins(Stage.MANAGEMENT, it)),
                new ShutdownStep(Phase.Name.EXIT, "events", allBut(4), this::closeEvents),
                new ShutdownStep(Phase.Name.EXIT, "health", allBut(8), _ -> parts.health()
                        .close()),
                new ShutdownStep(Phase.Name.EXIT, "metrics", allBut(8), _ -> parts.metrics()
                        .stop()),
                new ShutdownStep(Phase.Name.EXIT, "report", allBut(8), _ -> report.run()),
                new ShutdownStep(Phase.Name.EXIT, "logs", it -> it.atMost(LOGS), logging::flush)));
        return steps;
    }

    private static Deadline half(Deadline whole) {
        return whole.atMost(whole.remaining().dividedBy(2));
    }

    /** All that remains, less the reserve divided by {@code divisor}. */
    private UnaryOperator<Deadline> allBut(int divisor) {
        return whole -> whole.minus(reserve().dividedBy(divisor));
    }

    private Duration reserve() {
        Duration tenth = config.timeout().dividedBy(10);
        Duration bounded = tenth.compareTo(LEAST_RESERVE) < 0
                ? LEAST_RESERVE
                : tenth.compareTo(LARGEST_RESERVE) > 0 ? LARGEST_RESERVE : tenth;
        Duration half = config.timeout().dividedBy(2);
        return bounded.compareTo(half) > 0 ? half : bounded;
    }

    private void announce(Deadline deadline) {
        parts.health().enter(HealthSnapshot.Phase.STOPPING);
        parts.container().cancelStart(budget.minus(reserve()));
        parts.watch().stop();
    }

    private void delay() throws InterruptedException {
        Deadline end = budget.atMost(drainDelay);
        parts.container().traffic().announceStop(budget.atMost(ANNOUNCE));
        boolean _ = TimedWait.await(new CompletableFuture<>(), end, time.deadlines());
    }

    private void drain(Deadline deadline) {
        if (trigger instanceof ShutdownTrigger.SystemExit) {
            // A handler that calls System.exit waits for this shutdown.
            parts.container().traffic().excuse(ExitCall::isMadeBy, deadline);
        }
        boolean _ = parts.container().traffic().drain(deadline);
    }

    private void closeListeners(Deadline deadline) {
        var traffic = parts.container().traffic();
        long inFlight = traffic.inFlight();
        List<RequestInFlight> requests =
                inFlight == 0 ? List.of() : traffic.requests(ShutdownReport.MOST_CUT_OFF, deadline);
        progress.closedListeners(inFlight, traffic.close(deadline), requests);
    }

    private void closeRecovery(Deadline deadline) {
        progress.recoveriesLeft(parts.recovery().close(deadline).abandoned());
    }

    private void stopPlugins(Stage stage, Deadline deadline) {
        progress.stopped(parts.container().stop(stage, deadline));
    }

    private void closeEvents(Deadline deadline) {
        EventsCloseReport closed = parts.events().close(deadline);
        for (Undelivered left : closed.undelivered()) {
            progress.undelivered(left.subscription(), List.of(left));
        }
    }
}
