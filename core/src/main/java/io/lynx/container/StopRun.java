package io.lynx.container;

import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/*
 * Like a StartRun, the coordinator is the calling thread and everything else sends it messages. A plugin is stopped when
 * the count of its dependants that still run is zero.
 *
 * No chain can overrun the deadline of the whole: when a plugin's turn comes, what remains is divided over the longest
 * chain of plugins that must stop behind it, weighted by their own timeouts, and it gets its part or its own timeout,
 * whichever is less. The grace of an interruption is inside that part.
 */

/** One parallel stop of some plugins, against the order of their dependencies. Used once. */
final class StopRun {
    private static final Duration GRACE = Duration.ofMillis(100);
    private static final int STACK_LINES = 25;

    private sealed interface Message {
        record Finished(Job job, Duration took, @Nullable Throwable failure, PluginScope.Leftovers left)
                implements Message {}

        record Overdue(Job job) implements Message {}

        record GraceOver(Job job, List<String> stack) implements Message {}
    }

    private final PluginGraph graph;
    private final Map<String, PluginRuntime> runtimes;
    private final PluginServices services;
    private final Timeouts timeouts;
    private final Deadline deadline;
    /** Bounded by what can be put in: per job a result and two alarms. */
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    private final Map<String, Integer> missing = new HashMap<>();
    private final Map<String, Duration> chains = new HashMap<>();
    private final Set<Job> jobs = new LinkedHashSet<>();
    /** Where those hung that were interrupted at their deadlines. */
    private final Map<Job, List<String>> hung = new HashMap<>();

    private final List<PluginStop> stops = new ArrayList<>();

    StopRun(
            PluginGraph graph,
            Map<String, PluginRuntime> runtimes,
            PluginServices services,
            Timeouts timeouts,
            Deadline deadline) {
        this.graph = graph;
        this.runtimes = runtimes;
        this.services = services;
        this.timeouts = timeouts;
        this.deadline = deadline;
    }

    /**
     * Stops those of {@code candidates} that are up, and returns when all have stopped or were given up, in the order in
     * which that came about. An interruption of the caller is kept for later: there is a deadline already.
     */
    List<PluginStop> run(Set<String> candidates) {
        Set<String> subset = new LinkedHashSet<>();
        for (String id : graph.order()) {
            if (candidates.contains(id) && runtime(id).isUp()) {
                subset.add(id);
                chains.put(id, timeouts.stop(id).plus(GRACE).plus(longestBehind(id)));
            }
        }
        for (String id : subset) {
            missing.put(id, (int)
                    graph.dependants(id).stream().filter(subset::contains).count());
        }
        for (String id : List.copyOf(subset).reversed()) {
            if (Objects.equals(missing.get(id), 0)) {
                launch(runtime(id));
            }
        }
        boolean interrupted = false;
        while (!jobs.isEmpty()) {
            try {
                handle(messages.take());
            } catch (InterruptedException kept) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(stops);
    }

    /** The longest sum of timeouts among the dependencies of {@code id}, which come before it in the order. */
    private Duration longestBehind(String id) {
        Duration longest = Duration.ZERO;
        for (String dependency : graph.dependencies(id)) {
            Duration chain = chains.getOrDefault(dependency, Duration.ZERO);
            longest = chain.compareTo(longest) > 0 ? chain : longest;
        }
        return longest;
    }

    private void launch(PluginRuntime runtime) {
        PluginScope scope = Objects.requireNonNull(runtime.scope());
        Duration allowed = allowed(runtime.id());
        runtime.change(life -> life.state(PluginState.STOPPING));
        runtime.hideHealth();
        Job job = new Job(
                "stop", runtime, scope, allowed, Deadline.after(allowed, services.ticker()), this::stopOnOwnThread);
        jobs.add(job);
        job.alarm(services.scheduler().after(allowed, () -> messages.add(new Message.Overdue(job))));
        job.launch();
    }

    private Duration allowed(String id) {
        double own = timeouts.stop(id).plus(GRACE).toNanos();
        double chain = Objects.requireNonNull(chains.get(id)).toNanos();
        double part = Math.min(own, deadline.remainingNanos() * (own / chain));
        return Duration.ofNanos((long) (part - Math.min((double) GRACE.toNanos(), part / 2)));
    }

    /** What an interrupted stop gets; in a chain so long that the parts are short, as long as its part was. */
    private static Duration grace(Job job) {
        return GRACE.compareTo(job.allowed()) < 0 ? GRACE : job.allowed();
    }

    private void stopOnOwnThread(Job job) {
        Throwable failure = null;
        job.scope().hide();
        try {
            job.runtime().plugin().stop(job.deadline());
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (job.isOver()) {
            return;
        }
        PluginScope.Leftovers left = job.scope().close(job.deadline());
        for (Throwable inClose : left.failures()) {
            failure = Failures.join(failure, inClose);
        }
        if (job.finish()) {
            messages.add(new Message.Finished(job, job.elapsed(), failure, left));
        }
        job.runtime().reportIfFatal(failure);
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Finished(Job job, Duration took, Throwable failure, PluginScope.Leftovers left) ->
                ended(job, PluginState.STOPPED, took, failure, left, hung.getOrDefault(job, List.of()));
            case Message.Overdue(Job job) -> overdue(job);
            case Message.GraceOver(Job job, List<String> stack) -> graceOver(job, stack);
        }
    }

    private void overdue(Job job) {
        if (jobs.contains(job) && !job.isOver()) {
            List<StackTraceElement> frames = job.stack();
            List<String> stack = stacks(job);
            hung.put(job, stack);
            job.interrupt();
            services.notifier()
                    .publish(new PluginEvent.DeadlineExceeded(
                            job.runtime().status(), PluginOperation.STOP, job.allowed(), frames));
            Scheduler scheduler = services.scheduler();
            job.alarm(scheduler.after(grace(job), () -> messages.add(new Message.GraceOver(job, stack))));
        }
    }

    private void graceOver(Job job, List<String> stack) {
        if (jobs.contains(job) && job.abandon()) {
            job.closeScopeBehindIt(GRACE);
            ended(job, PluginState.ABANDONED, job.elapsed(), null, PluginScope.Leftovers.NONE, stack);
        }
    }

    /** Where the stop hangs, and where the plugin's own threads are. */
    private static List<String> stacks(Job job) {
        List<String> lines = new ArrayList<>();
        job.stack().stream().limit(STACK_LINES).forEach(frame -> lines.add("at " + frame));
        for (Thread thread : job.scope().liveThreads()) {
            if (lines.size() >= 4 * STACK_LINES) {
                lines.add("…");
                break;
            }
            lines.add(thread.getName() + ":");
            List.of(thread.getStackTrace()).stream().limit(STACK_LINES / 2).forEach(frame -> lines.add("at " + frame));
        }
        return lines;
    }

    private void ended(
            Job job,
            PluginState state,
            Duration took,
            @Nullable Throwable failure,
            PluginScope.Leftovers left,
            List<String> stack) {
        job.silence();
        jobs.remove(job);
        PluginRuntime runtime = job.runtime();
        runtime.change(life -> life.ended(state, took, failure));
        stops.add(new PluginStop(
                runtime.id(), state, took, job.allowed(), left.undelivered(), failure, left.threads(), stack));
        for (String dependency : graph.dependencies(runtime.id())) {
            if (missing.containsKey(dependency) && missing.merge(dependency, -1, Integer::sum) == 0) {
                launch(runtime(dependency));
            }
        }
    }

    private PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }
}
