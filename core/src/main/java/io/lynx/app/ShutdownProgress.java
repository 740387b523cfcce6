package io.lynx.app;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.app.ShutdownReport.CutOffWork;
import io.lynx.app.ShutdownReport.Phase;
import io.lynx.app.ShutdownReport.Step;
import io.lynx.app.ShutdownReport.StoppedPlugin;
import io.lynx.container.PluginStop;
import io.lynx.container.Traffic;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.event.Subscription.UnfinishedEvent;
import io.lynx.extension.UserCode;
import io.lynx.plugin.RequestInFlight;
import io.lynx.recovery.RecoveryCloseReport.UnfinishedRecovery;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a shutdown has done so far. Thread-safe: reports may be requested at any time. */
final class ShutdownProgress {
    private static final int FRAMES = 12;

    private final ShutdownTrigger trigger;
    private final Instant at;
    private final Duration budget;
    private final Ticker ticker;
    private final long startedAt;

    @GuardedBy("this")
    private final List<Step> steps = new ArrayList<>();

    @GuardedBy("this")
    private final List<StoppedPlugin> plugins = new ArrayList<>();

    @GuardedBy("this")
    private final List<String> undeliveredTo = new ArrayList<>();

    @GuardedBy("this")
    private List<CutOffWork> cutOff = List.of();

    @GuardedBy("this")
    private final List<CutOffWork> cutOffHandlers = new ArrayList<>();

    @GuardedBy("this")
    private List<CutOffWork> cutOffRecoveries = List.of();

    @GuardedBy("this")
    private @Nullable ShutdownStep current;

    @GuardedBy("this")
    private Duration currentAllowed = Duration.ZERO;

    @GuardedBy("this")
    private long currentStartedAt;

    @GuardedBy("this")
    private long inFlightAtStart;

    @GuardedBy("this")
    private long inFlightAtEnd;

    @GuardedBy("this")
    private long failed;

    @GuardedBy("this")
    private long longLivedEnded;

    @GuardedBy("this")
    private long undelivered;

    /**
     * Begins the record of a shutdown.
     *
     * @param at when it was requested
     * @param startedAt the ticker's reading at that time
     */
    ShutdownProgress(ShutdownTrigger trigger, Instant at, long startedAt, Duration budget, Ticker ticker) {
        this.trigger = trigger;
        this.at = at;
        this.startedAt = startedAt;
        this.budget = budget;
        this.ticker = ticker;
    }

    synchronized void begin(ShutdownStep step, Duration allowed) {
        current = step;
        currentAllowed = allowed;
        currentStartedAt = ticker.nanos();
    }

    synchronized void end(@Nullable String problem) {
        Step step = currentStep(problem);
        if (step != null) {
            steps.add(step);
        }
        current = null;
    }

    @GuardedBy("this")
    private @Nullable Step currentStep(@Nullable String problem) {
        return current == null
                ? null
                : new Step(
                        current.name(),
                        current.phase(),
                        Duration.ofNanos(ticker.nanos() - currentStartedAt),
                        currentAllowed,
                        problem);
    }

    synchronized String stepName() {
        return current == null ? "exit" : current.name();
    }

    synchronized void inFlightAtStart(long requests) {
        inFlightAtStart = requests;
    }

    /** Records the requests that were still in flight when the listeners closed. */
    synchronized void closedListeners(long inFlight, Traffic.Outcome outcome, List<RequestInFlight> requests) {
        inFlightAtEnd = inFlight;
        failed = outcome.requestsFailed();
        longLivedEnded = outcome.longLivedEnded();
        cutOff = requests.stream()
                .limit(Math.min(failed, ShutdownReport.MOST_CUT_OFF))
                .map(ShutdownProgress::cutOff)
                .toList();
    }

    static CutOffWork cutOff(RequestInFlight request) {
        Thread thread = request.thread();
        List<String> stack = thread == null ? List.of() : lines(List.of(thread.getStackTrace()));
        return new CutOffWork(CutOffWork.Kind.REQUEST, request.route(), request.age(), stack);
    }

    private static List<String> lines(List<StackTraceElement> stack) {
        return stack.stream().limit(FRAMES).map(frame -> "at " + frame).toList();
    }

    /** Records the events that subscriptions had left when they closed. */
    synchronized void undelivered(String subscriber, List<Undelivered> subscriptions) {
        long count = subscriptions.stream().mapToLong(Undelivered::count).sum();
        if (count > 0) {
            undelivered += count;
            undeliveredTo.add(subscriber + " (" + count + ")");
        }
        for (Undelivered left : subscriptions) {
            for (UnfinishedEvent event : left.inHand()) {
                if (cutOffHandlers.size() < ShutdownReport.MOST_CUT_OFF) {
                    String name = "event handler '" + left.subscription() + "'";
                    cutOffHandlers.add(
                            new CutOffWork(CutOffWork.Kind.EVENT_HANDLER, name, event.age(), lines(event.stack())));
                }
            }
        }
    }

    /** Records the recoveries that had not ended when their manager closed. */
    synchronized void recoveriesLeft(List<UnfinishedRecovery> recoveries) {
        cutOffRecoveries = recoveries.stream()
                .limit(ShutdownReport.MOST_CUT_OFF)
                .map(left -> new CutOffWork(
                        CutOffWork.Kind.RECOVERY, "recovery of " + left.what(), left.age(), lines(left.stack())))
                .toList();
    }

    synchronized void stopped(List<PluginStop> stops) {
        for (PluginStop stop : stops) {
            undelivered("plugin " + stop.id(), stop.undelivered());
            plugins.add(plugin(stop));
        }
    }

    private static StoppedPlugin plugin(PluginStop stop) {
        return new StoppedPlugin(
                stop.id(),
                stop.state(),
                stop.took(),
                stop.allowed(),
                stop.failure() == null ? null : UserCode.describe(stop.failure()),
                stop.threadsLeft(),
                stop.stack());
    }

    /**
     * Returns the report.
     *
     * @param inProgress the starts and stops of plugins that are in progress
     */
    synchronized ShutdownReport report(List<PluginStop> inProgress, boolean isOver, int exitCode) {
        List<Step> all = new ArrayList<>(steps);
        Step step = currentStep(null);
        if (step != null) {
            all.add(step);
        }
        List<StoppedPlugin> allPlugins = new ArrayList<>(plugins);
        inProgress.forEach(stop -> allPlugins.add(plugin(stop)));
        return new ShutdownReport(
                trigger,
                at,
                budget,
                Duration.ofNanos(ticker.nanos() - startedAt),
                phases(all),
                all,
                inFlightAtStart,
                inFlightAtEnd,
                failed,
                longLivedEnded,
                Stream.of(cutOff, cutOffHandlers, cutOffRecoveries)
                        .flatMap(List::stream)
                        .toList(),
                undelivered,
                undeliveredTo,
                allPlugins,
                isOver,
                exitCode);
    }

    private static List<Phase> phases(List<Step> steps) {
        Map<Phase.Name, Duration> sums = new EnumMap<>(Phase.Name.class);
        steps.forEach(step -> sums.merge(step.phase(), step.took(), Duration::plus));
        return sums.entrySet().stream()
                .map(sum -> new Phase(sum.getKey(), sum.getValue()))
                .toList();
    }
}
