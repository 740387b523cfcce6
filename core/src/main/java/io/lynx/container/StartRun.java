package io.lynx.container;

import io.lynx.container.PluginStartException.Reason;
import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * The coordinator is the thread that calls run(). It alone decides: jobs and timers only put messages into its queue, so
 * there is nothing to lock. A plugin is launched when the count of its unstarted dependencies is zero.
 *
 *   launched ──Finished(null)──▶ RUNNING          its dependants' counts go down
 *            ──Finished(failure)▶ FAILED          its own thread has called stop and closed its scope before
 *            ──deadline──▶ interrupt ──grace──▶ ABANDONED   its own thread cleans up when it comes back, if it ever does
 *
 * The first failure of a required plugin, a cancellation and the deadline of the whole have one effect: nothing more is
 * launched, the jobs under way are interrupted, and run() throws when the last of them is over. What had started by then
 * is stopped by a StopRun, not here.
 */

/** One parallel start of some plugins in the order of their dependencies. Used once. */
final class StartRun {
    private static final Duration GRACE = Duration.ofMillis(100);
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

    private sealed interface Message {
        record Finished(Job job, Duration took, @Nullable Throwable failure) implements Message {}

        record Slow(Job job) implements Message {}

        record Overdue(Job job) implements Message {}

        record GraceOver(Job job) implements Message {}

        record WholeOverdue() implements Message {}

        record Cancel() implements Message {}
    }

    private final PluginGraph graph;
    private final Map<String, PluginRuntime> runtimes;
    private final PluginServices services;
    private final Timeouts timeouts;
    private final Deadline deadline;
    /** Bounded by what can be put in: per job a result and three alarms, and two for the whole. */
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    private final Map<String, Integer> missing = new HashMap<>();
    private final PriorityQueue<PluginRuntime> ready =
            new PriorityQueue<>(Comparator.comparing(PluginRuntime::descriptor, PluginGraph.START_ORDER));
    private final Set<Job> jobs = new LinkedHashSet<>();
    /** Where those were that were interrupted at their deadlines. */
    private final Map<Job, List<StackTraceElement>> overdue = new HashMap<>();

    private final Set<String> failedHere = new LinkedHashSet<>();
    private @Nullable PluginStartException first;

    StartRun(
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

    /** Makes {@link #run} stop launching, interrupt what starts and throw. May be called from any thread at any time. */
    void cancel() {
        messages.add(new Message.Cancel());
    }

    /**
     * Starts {@code subset}, and returns when all of it runs or, for optional ones, has failed.
     *
     * @throws PluginStartException if a required one failed, or the start was cancelled or too slow as a whole
     */
    void run(Set<String> subset) throws PluginStartException {
        for (String id : subset) {
            long count =
                    graph.dependencies(id).stream().filter(subset::contains).count();
            missing.put(id, (int) count);
            if (count == 0) {
                ready.add(runtime(id));
            }
        }
        failThoseWithoutDependency(subset);
        Scheduler.Scheduled whole =
                services.scheduler().after(deadline.remaining(), () -> messages.add(new Message.WholeOverdue()));
        boolean interrupted = false;
        heedCancel();
        launchReady();
        while (!jobs.isEmpty()) {
            try {
                handle(messages.take());
            } catch (InterruptedException callerInterrupted) {
                interrupted = true;
                cancelled();
            }
            launchReady();
        }
        boolean _ = whole.cancel();
        heedCancel();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (first != null) {
            throw first;
        }
    }

    /** While jobs run, a cancellation is a message like others; before and after, somebody has to look. */
    private void heedCancel() {
        if (messages.stream().anyMatch(Message.Cancel.class::isInstance)) {
            cancelled();
        }
    }

    /** In a restart a dependency outside of the subset may be down; who needs it cannot start. */
    private void failThoseWithoutDependency(Set<String> subset) {
        for (String id : subset) {
            Set<String> down = graph.unsatisfied(
                    id, other -> !subset.contains(other) && !runtime(other).isUp());
            if (!down.isEmpty()) {
                dependencyFailed(runtime(id), down, null);
            }
        }
    }

    private void launchReady() {
        while (first == null && !ready.isEmpty()) {
            PluginRuntime next = ready.remove();
            if (!failedHere.contains(next.id())) {
                launch(next);
            }
        }
    }

    private void launch(PluginRuntime runtime) {
        Duration allowed = timeouts.start(runtime.id());
        Job job = new Job(
                "start", runtime, runtime.beginStart(), allowed, deadline.atMost(allowed), this::startOnOwnThread);
        jobs.add(job);
        wake(job, share(job, 50), new Message.Slow(job));
        job.launch();
    }

    private static Duration share(Job job, int percent) {
        return job.allowed().multipliedBy(percent).dividedBy(100);
    }

    private void wake(Job job, Duration afterItsStart, Message message) {
        job.silence();
        Duration delay = afterItsStart.minus(job.elapsed());
        job.alarm(services.scheduler().after(delay.isNegative() ? Duration.ZERO : delay, () -> messages.add(message)));
    }

    /** The body of a job's thread: the start and, if it fails or comes too late, the clean-up. */
    private void startOnOwnThread(Job job) {
        PluginRuntime runtime = job.runtime();
        Throwable failure = null;
        try {
            runtime.plugin().start(job.scope());
            job.scope().started();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (failure == null && job.finish()) {
            messages.add(new Message.Finished(job, job.elapsed(), null));
            return;
        }
        boolean late = failure == null || job.isOver();
        cleanUp(job, failure);
        if (!late && job.finish()) {
            messages.add(new Message.Finished(job, job.elapsed(), failure));
        }
    }

    private void cleanUp(Job job, @Nullable Throwable failure) {
        boolean _ = Thread.interrupted();
        Deadline cleanup = Deadline.after(timeouts.stop(job.runtime().id()), services.ticker());
        try {
            job.runtime().plugin().stop(cleanup);
        } catch (Throwable inStop) {
            Throwable _ = Failures.join(failure, inStop);
        }
        for (Throwable inClose : job.scope().close(cleanup).failures()) {
            Throwable _ = Failures.join(failure, inClose);
        }
        job.runtime().reportIfFatal(failure);
    }

    private void handle(Message message) {
        switch (message) {
            case Message.Finished(Job job, Duration took, Throwable failure) -> finished(job, took, failure);
            case Message.Slow(Job job) -> slow(job);
            case Message.Overdue(Job job) -> overdue(job);
            case Message.GraceOver(Job job) -> graceOver(job);
            case Message.WholeOverdue _ -> wholeOverdue();
            case Message.Cancel _ -> cancelled();
        }
    }

    private void finished(Job job, Duration took, @Nullable Throwable failure) {
        job.silence();
        jobs.remove(job);
        PluginRuntime runtime = job.runtime();
        if (failure == null) {
            runtime.started(took);
            runtime.showHealth();
            for (String dependant : graph.dependants(runtime.id())) {
                if (missing.containsKey(dependant) && missing.merge(dependant, -1, Integer::sum) == 0) {
                    ready.add(runtime(dependant));
                }
            }
        } else if (overdue.containsKey(job)) {
            timedOut(job, PluginState.FAILED, failure);
        } else if (!(first != null && failure instanceof InterruptedException)) {
            failed(
                    runtime,
                    PluginState.FAILED,
                    failure,
                    Reason.FAILED,
                    "failed to start: " + UserCode.describe(failure));
        } else {
            runtime.change(life -> life.ended(PluginState.STOPPED, Duration.ZERO, null));
        }
    }

    private void failed(PluginRuntime runtime, PluginState state, Throwable cause, Reason reason, String what) {
        runtime.change(life -> life.ended(state, Duration.ZERO, cause));
        failedHere.add(runtime.id());
        if (runtime.descriptor().required()) {
            fail(new PluginStartException(runtime.id(), reason, "plugin '" + runtime.id() + "': " + what, cause));
            return;
        }
        runtime.showHealth();
        for (String dependant : graph.dependants(runtime.id())) {
            if (missing.containsKey(dependant)) {
                Set<String> down = graph.unsatisfied(dependant, failedHere::contains);
                if (!down.isEmpty()) {
                    dependencyFailed(runtime(dependant), down, cause);
                } else if (missing.merge(dependant, -1, Integer::sum) == 0) {
                    ready.add(runtime(dependant));
                }
            }
        }
    }

    private void dependencyFailed(PluginRuntime dependant, Set<String> down, @Nullable Throwable cause) {
        if (!failedHere.contains(dependant.id())) {
            String message = "needs '" + String.join("', '", down) + "', which does not run";
            failed(dependant, PluginState.FAILED, new IllegalStateException(message, cause), Reason.FAILED, message);
        }
    }

    private void slow(Job job) {
        if (!jobs.contains(job)) {
            return;
        }
        services.notifier()
                .publish(new PluginEvent.StartSlow(job.runtime().status(), job.elapsed(), job.allowed(), job.stack()));
        if (job.elapsed().compareTo(share(job, 90)) < 0) {
            wake(job, share(job, 90), new Message.Slow(job));
        } else {
            wake(job, job.allowed(), new Message.Overdue(job));
        }
    }

    private void overdue(Job job) {
        if (jobs.contains(job)) {
            overdue.put(job, job.stack());
            job.interrupt();
            services.notifier()
                    .publish(new PluginEvent.DeadlineExceeded(
                            job.runtime().status(), PluginOperation.START, job.allowed(), job.stack()));
            wake(job, job.elapsed().plus(GRACE), new Message.GraceOver(job));
        }
    }

    private void graceOver(Job job) {
        if (!jobs.contains(job) || !job.abandon()) {
            return;
        }
        jobs.remove(job);
        job.closeScopeBehindIt(timeouts.stop(job.runtime().id()));
        timedOut(job, PluginState.ABANDONED, null);
    }

    /** Its stack is that of the moment when its time was over, whether it then heard the interruption or not. */
    private void timedOut(Job job, PluginState state, @Nullable Throwable inStart) {
        List<StackTraceElement> stack = overdue.getOrDefault(job, List.of());
        TimeoutException timeout =
                new TimeoutException("not started after " + job.elapsed().toMillis() + " ms");
        timeout.setStackTrace(stack.toArray(StackTraceElement[]::new));
        if (inStart != null) {
            timeout.addSuppressed(inStart);
        }
        String where = stack.isEmpty() ? "its thread was gone" : "at " + stack.getFirst();
        failed(job.runtime(), state, timeout, Reason.TIMED_OUT, timeout.getMessage() + " (" + where + ")");
    }

    private void wholeOverdue() {
        if (first == null && !jobs.isEmpty()) {
            List<String> late = new ArrayList<>();
            jobs.forEach(job -> late.add(job.runtime().id() + " at "
                    + job.stack().stream().findFirst().map(Object::toString).orElse("?")));
            String message = "the start deadline has passed; still starting: " + String.join(", ", late);
            fail(new PluginStartException(
                    jobs.iterator().next().runtime().id(), Reason.TIMED_OUT, message, new TimeoutException(message)));
        }
    }

    private void cancelled() {
        fail(new PluginStartException("", Reason.CANCELLED, "the start was cancelled", new InterruptedException()));
    }

    /** The first failure counts; the others are its consequences or come too late. */
    private void fail(PluginStartException failure) {
        if (first != null) {
            return;
        }
        first = failure;
        for (Job job : jobs) {
            job.interrupt();
            wake(job, job.elapsed().plus(CANCEL_GRACE), new Message.GraceOver(job));
        }
    }

    private PluginRuntime runtime(String id) {
        return java.util.Objects.requireNonNull(runtimes.get(id));
    }
}
