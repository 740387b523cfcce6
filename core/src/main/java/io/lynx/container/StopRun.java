package io.lynx.container;

import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * As in a StartRun, the coordinator is the platform thread that calls run(), and everything else posts actions to its loop.
 * A plugin is stopped when the count of its dependants that still run is zero.
 *
 * No chain can overrun the deadline of the whole: when it is a plugin's turn, the remaining time is divided over the longest
 * chain of plugins that must stop after it, weighted by their own timeouts; the plugin gets its part or its own timeout,
 * whichever is less. The grace of an interruption is inside that part.
 */

/** One parallel stop of some plugins, against the order of their dependencies. Used once. */
final class StopRun {
    private static final Logger LOG = LoggerFactory.getLogger(StopRun.class);
    private static final Duration GRACE = Duration.ofMillis(100);

    private final PluginGraph graph;
    private final Map<String, PluginRuntime> runtimes;
    private final PluginServices services;
    private final Timeouts timeouts;
    private final RunLoop loop;
    private final Consumer<PluginStop> onAbandoned;
    private Deadline deadline;

    private final Map<String, Integer> missing = new HashMap<>();
    private final Map<String, Duration> chains = new HashMap<>();
    private final Set<PluginAttempt> attempts = new LinkedHashSet<>();
    private final List<PluginStop> stops = new ArrayList<>();

    /**
     * Creates a run that has not begun.
     *
     * @param onAbandoned receives each stop that is abandoned, while it still counts as in progress
     */
    StopRun(
            PluginGraph graph,
            Map<String, PluginRuntime> runtimes,
            PluginServices services,
            Timeouts timeouts,
            Deadline deadline,
            Consumer<PluginStop> onAbandoned) {
        this.graph = graph;
        this.runtimes = runtimes;
        this.services = services;
        this.timeouts = timeouts;
        this.deadline = deadline;
        this.onAbandoned = onAbandoned;
        this.loop = new RunLoop(services.ticker(), services.deadlines(), StopRun::broken);
    }

    /**
     * Makes {@link #run} end by {@code sooner}, with time left for the plugins that must stop after it. May be called from
     * any thread at any time.
     */
    void hurry(Deadline sooner) {
        loop.post(() -> {
            deadline = deadline.earliest(sooner);
            measureChains(id -> missing.containsKey(id) || runtime(id).isUp());
            attempts.forEach(this::shorten);
        });
    }

    /**
     * Stops those of {@code candidates} that are up, and returns when all have stopped or were abandoned, in the order in
     * which that happened. An interrupt of the caller is kept for later: there is a deadline already.
     */
    List<PluginStop> run(Set<String> candidates) {
        List<String> subset = graph.order().stream()
                .filter(id -> candidates.contains(id) && runtime(id).isUp())
                .toList();
        for (String id : subset) {
            missing.put(id, (int)
                    graph.dependants(id).stream().filter(subset::contains).count());
        }
        measureChains(missing::containsKey);
        for (String id : subset.reversed()) {
            if (Objects.equals(missing.get(id), 0)) {
                launch(runtime(id));
            }
        }
        loop.run(attempts::isEmpty, () -> {}, () -> {});
        return List.copyOf(stops);
    }

    /** For each plugin the longest sum of timeouts of itself and what must stop after it, which is before it in the order. */
    private void measureChains(Predicate<String> counts) {
        chains.clear();
        for (String id : graph.order()) {
            if (counts.test(id)) {
                Duration longest = Duration.ZERO;
                for (String dependency : graph.dependencies(id)) {
                    Duration chain = chains.getOrDefault(dependency, Duration.ZERO);
                    longest = chain.compareTo(longest) > 0 ? chain : longest;
                }
                chains.put(id, timeouts.stop(id).plus(GRACE).plus(longest));
            }
        }
    }

    private void launch(PluginRuntime runtime) {
        Duration allowed = allowed(runtime.id());
        PluginAttempt attempt = runtime.beginStop(allowed, this::stopOnOwnThread);
        attempts.add(attempt);
        attempt.alarm(loop.after(allowed, () -> overdue(attempt)));
        attempt.launch(loop);
    }

    private Duration allowed(String id) {
        double own = timeouts.stop(id).plus(GRACE).toNanos();
        double chain = Objects.requireNonNull(chains.get(id)).toNanos();
        double part = Math.min(own, deadline.remainingNanos() * (own / chain));
        return Duration.ofNanos((long) (part - Math.min((double) GRACE.toNanos(), part / 2)));
    }

    private void shorten(PluginAttempt attempt) {
        Duration left = allowed(attempt.runtime().id());
        if (!attempt.isOverdue() && left.compareTo(attempt.allowed().minus(attempt.elapsed())) < 0) {
            attempt.allow(attempt.elapsed().plus(left));
            attempt.alarm(loop.after(left, () -> overdue(attempt)));
        }
    }

    /** What an interrupted stop gets; in a chain so long that the parts are short, as long as its part was. */
    private static Duration grace(PluginAttempt attempt) {
        return GRACE.compareTo(attempt.allowed()) < 0 ? GRACE : attempt.allowed();
    }

    /** The body of an attempt's thread. */
    private void stopOnOwnThread(PluginAttempt attempt) {
        PluginScope scope = attempt.scope();
        scope.hide();
        List<Throwable> failures = scope.finishAcceptedWork(attempt.deadline());
        Throwable inStop = attempt.runtime().stop(attempt.deadline());
        if (inStop != null) {
            failures.add(inStop);
        }
        PluginScope.Leftovers left = attempt.isOver() ? PluginScope.Leftovers.NONE : scope.close(attempt.deadline());
        failures.addAll(left.failures());
        Throwable failure = Failures.join(failures);
        if (attempt.finish()) {
            Duration took = attempt.elapsed();
            loop.post(() -> stopped(attempt, took, failure, left));
        } else {
            services.notifier().publish(attempt.lateResult(failure));
        }
        failures.forEach(attempt.runtime()::reportIfFatal);
    }

    private void stopped(
            PluginAttempt attempt, Duration took, @Nullable Throwable failure, PluginScope.Leftovers left) {
        List<String> stack = attempt.isOverdue()
                ? attempt.report(PluginState.STOPPED, attempt.stackAtDeadline()).stack()
                : List.of();
        PluginStop stop = new PluginStop(
                attempt.runtime().id(),
                PluginOperation.STOP,
                PluginState.STOPPED,
                took,
                attempt.allowed(),
                left.undelivered(),
                failure,
                left.threads(),
                stack);
        ended(attempt, stop);
    }

    private void overdue(PluginAttempt attempt) {
        attempt.overdue();
        attempt.interrupt();
        services.notifier()
                .publish(new PluginEvent.DeadlineExceeded(
                        attempt.runtime().status(),
                        PluginOperation.STOP,
                        attempt.allowed(),
                        attempt.stackAtDeadline()));
        attempt.alarm(loop.after(grace(attempt), () -> graceOver(attempt)));
    }

    private void graceOver(PluginAttempt attempt) {
        PluginStop stop = attempt.report(PluginState.ABANDONED, attempt.stackAtDeadline());
        if (attempt.abandon()) {
            onAbandoned.accept(stop);
            services.notifier()
                    .publish(new PluginEvent.Abandoned(
                            attempt.runtime().status(),
                            PluginOperation.STOP,
                            attempt.elapsed(),
                            attempt.stackAtDeadline()));
            attempt.scope().withdraw();
            attempt.closeScopeBehindIt(
                    Duration.ZERO, GRACE, left -> loop.post(() -> abandoned(attempt, stop.withUndelivered(left))));
            attempt.alarm(loop.after(GRACE, () -> abandoned(attempt, stop)));
        }
    }

    /** Comes when it is known what its subscriptions had left, and when the others wait for that no longer. */
    private void abandoned(PluginAttempt attempt, PluginStop stop) {
        if (attempts.contains(attempt)) {
            ended(attempt, stop);
        }
    }

    private void ended(PluginAttempt attempt, PluginStop stop) {
        attempt.silence();
        attempts.remove(attempt);
        PluginRuntime runtime = attempt.runtime();
        runtime.change(life -> life.ended(stop.state(), stop.took(), stop.failure()));
        stops.add(stop);
        for (String dependency : graph.dependencies(runtime.id())) {
            if (missing.containsKey(dependency) && missing.merge(dependency, -1, Integer::sum) == 0) {
                launch(runtime(dependency));
            }
        }
    }

    private static void broken(Throwable failure) {
        LOG.atError()
                .setCause(UserCode.loggable(failure))
                .log("A step in the stop of the plugins failed; the stop goes on with the others");
    }

    private PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }
}
