package io.lynx.container;

import io.lynx.container.PluginStartException.Reason;
import io.lynx.extension.UserCode;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The coordinator is the platform thread that calls run(). It alone decides: attempts and timers only post actions to its loop.
 * A plugin is launched when the count of its unstarted dependencies is zero.
 *
 *   launched ──started─────────▶ RUNNING          the counts of its dependants go down
 *            ──failed──────────▶ FAILED           its own thread has called stop and closed its scope before
 *            ──deadline──▶ interrupt ──grace──▶ ABANDONED   its late result is discarded
 *
 * The first failure of a required plugin, a cancellation and the deadline of the whole have one effect: nothing more is
 * launched, the attempts in progress are interrupted, and run() throws when the last of them is over. A StopRun then stops what
 * had started.
 */

/** One parallel start of some plugins in the order of their dependencies. Used once. */
final class StartRun {
    private static final Duration GRACE = Duration.ofMillis(100);

    private final Map<String, PluginRuntime> runtimes;
    private final PluginServices services;
    private final Timeouts timeouts;
    private final RunLoop loop;
    private final Deadline deadline;
    /** The end of the clean-up of what is cancelled; null while only the time of each plugin bounds it. */
    private @Nullable Deadline limit;

    private final Consumer<PluginStop> onAbandoned;
    private final StartQueue queue;
    private final Set<PluginAttempt> attempts = new LinkedHashSet<>();
    private @Nullable PluginStartException first;

    /**
     * Creates a run that has not begun.
     *
     * @param onAbandoned receives each start that is abandoned, while it still counts as in progress
     */
    StartRun(
            PluginGraph graph,
            Map<String, PluginRuntime> runtimes,
            PluginServices services,
            Timeouts timeouts,
            Deadline deadline,
            Consumer<PluginStop> onAbandoned) {
        this.runtimes = runtimes;
        this.services = services;
        this.timeouts = timeouts;
        this.deadline = deadline;
        this.onAbandoned = onAbandoned;
        this.queue = new StartQueue(graph, runtimes);
        this.loop = new RunLoop(services.ticker(), services.deadlines(), this::broken);
    }

    /**
     * Makes {@link #run} stop launching, interrupt what starts and throw. May be called from any thread at any time.
     *
     * @param limit bounds the clean-up of what is interrupted
     */
    void cancel(Deadline limit) {
        loop.post(() -> {
            this.limit = this.limit == null ? limit : this.limit.earliest(limit);
            attempts.forEach(this::awaitInterrupted);
            cancelled();
        });
    }

    /**
     * Starts {@code subset}, and returns when all of it runs or, for optional plugins, has failed.
     *
     * @throws PluginStartException if a required one failed, or the start was cancelled or too slow as a whole
     */
    void run(Set<String> subset) throws PluginStartException {
        queue.add(subset);
        queue.withoutDependency().forEach((id, down) -> dependencyFailed(id, down, null));
        RunLoop.Alarm whole = loop.after(deadline.remaining(), this::wholeOverdue);
        loop.runPosted();
        launchReady();
        loop.run(attempts::isEmpty, this::cancelled, this::launchReady);
        whole.cancel();
        loop.runPosted();
        if (first != null) {
            throw first;
        }
    }

    private void launchReady() {
        while (first == null) {
            PluginRuntime next = queue.next();
            if (next == null) {
                return;
            }
            launch(next);
        }
    }

    private void launch(PluginRuntime runtime) {
        StartWork work = new StartWork(services, loop, timeouts.stop(runtime.id()), this::started, this::notStarted);
        PluginAttempt attempt = runtime.beginStart(timeouts.start(runtime.id()), work);
        attempts.add(attempt);
        wake(attempt, share(attempt, 50), () -> slow(attempt));
        attempt.launch(loop);
    }

    private static Duration share(PluginAttempt attempt, int percent) {
        return attempt.allowed().multipliedBy(percent).dividedBy(100);
    }

    private void wake(PluginAttempt attempt, Duration afterItsStart, Runnable action) {
        attempt.alarm(loop.after(afterItsStart.minus(attempt.elapsed()), action));
    }

    private void started(PluginAttempt attempt, Duration took) {
        forget(attempt);
        PluginRuntime runtime = attempt.runtime();
        runtime.started(took);
        runtime.showHealth();
        queue.started(runtime.id());
    }

    private void notStarted(PluginAttempt attempt, Throwable failure) {
        forget(attempt);
        PluginRuntime runtime = attempt.runtime();
        if (attempt.isOverdue()) {
            timedOut(attempt, PluginState.FAILED, failure);
        } else if (first != null && failure instanceof InterruptedException) {
            runtime.change(life -> life.ended(PluginState.STOPPED, Duration.ZERO, null));
        } else {
            String what = "failed to start: " + UserCode.describe(failure);
            failed(runtime, PluginState.FAILED, failure, Reason.FAILED, what);
        }
    }

    private void forget(PluginAttempt attempt) {
        attempt.silence();
        attempts.remove(attempt);
    }

    private void failed(PluginRuntime runtime, PluginState state, Throwable cause, Reason reason, String what) {
        runtime.change(life -> life.ended(state, Duration.ZERO, cause));
        Map<String, Set<String>> blocked = queue.failed(runtime.id());
        if (runtime.descriptor().required()) {
            fail(new PluginStartException(reason, "plugin '" + runtime.id() + "': " + what, cause));
            return;
        }
        runtime.showHealth();
        blocked.forEach((dependant, down) -> dependencyFailed(dependant, down, cause));
    }

    private void dependencyFailed(String dependant, Set<String> down, @Nullable Throwable cause) {
        if (!queue.hasFailed(dependant)) {
            String message = "requires '" + String.join("', '", down) + "', which is not running";
            IllegalStateException failure = new IllegalStateException(message, cause);
            failed(runtime(dependant), PluginState.FAILED, failure, Reason.FAILED, message);
        }
    }

    private void slow(PluginAttempt attempt) {
        services.notifier()
                .publish(new PluginEvent.StartSlow(
                        attempt.runtime().status(), attempt.elapsed(), attempt.allowed(), attempt.stack()));
        if (attempt.elapsed().compareTo(share(attempt, 90)) < 0) {
            wake(attempt, share(attempt, 90), () -> slow(attempt));
        } else {
            wake(attempt, attempt.allowed(), () -> overdue(attempt));
        }
    }

    private void overdue(PluginAttempt attempt) {
        attempt.overdue();
        if (attempt.withdraw()) {
            forget(attempt);
            timedOut(attempt, PluginState.FAILED, null);
            return;
        }
        attempt.interrupt();
        services.notifier()
                .publish(new PluginEvent.DeadlineExceeded(
                        attempt.runtime().status(),
                        PluginOperation.START,
                        attempt.allowed(),
                        attempt.stackAtDeadline()));
        wake(attempt, attempt.elapsed().plus(GRACE), () -> graceOver(attempt));
    }

    /** A start that has heeded its interrupt gets the time of a stop to clean up, within what is left of the whole. */
    private void graceOver(PluginAttempt attempt) {
        Duration cleanUp =
                attempt.isCleaningUp() ? withinLimit(attempt.deadline().remaining()) : Duration.ZERO;
        if (!cleanUp.isZero()) {
            wake(attempt, attempt.elapsed().plus(cleanUp), () -> graceOver(attempt));
            return;
        }
        List<StackTraceElement> stack = attempt.stack();
        if (!attempt.abandon()) {
            return;
        }
        forget(attempt);
        onAbandoned.accept(attempt.report(PluginState.ABANDONED, stack));
        services.notifier()
                .publish(new PluginEvent.Abandoned(
                        attempt.runtime().status(), PluginOperation.START, attempt.elapsed(), stack));
        attempt.scope().withdraw();
        Duration allowed = timeouts.stop(attempt.runtime().id());
        attempt.closeScopeBehindIt(allowed, allowed, _ -> {});
        timedOut(attempt, PluginState.ABANDONED, null);
    }

    private Duration withinLimit(Duration duration) {
        return limit == null ? duration : limit.atMost(duration).remaining();
    }

    /** Names where the thread was when its time was over, whether or not it then heeded the interrupt. */
    private void timedOut(PluginAttempt attempt, PluginState state, @Nullable Throwable inStart) {
        List<StackTraceElement> stack = attempt.isOverdue() ? attempt.stackAtDeadline() : attempt.stack();
        TimeoutException timeout =
                new TimeoutException("not started after " + spent(attempt).toMillis() + " ms");
        timeout.setStackTrace(stack.toArray(StackTraceElement[]::new));
        if (inStart != null) {
            timeout.addSuppressed(inStart);
        }
        String where = " (" + attempt.where(stack) + ")";
        failed(attempt.runtime(), state, timeout, Reason.TIMED_OUT, timeout.getMessage() + where);
    }

    /** The clean-up of an interrupted start is not part of the time that is reported. */
    private static Duration spent(PluginAttempt attempt) {
        return attempt.isOverdue() ? attempt.allowed() : attempt.elapsed();
    }

    private void wholeOverdue() {
        if (first == null && !attempts.isEmpty()) {
            List<String> late = new ArrayList<>();
            attempts.forEach(attempt -> late.add(attempt.runtime().id() + " " + attempt.where(attempt.stack())));
            String message = "the start exceeded lynx.startup.timeout; still starting: " + String.join(", ", late);
            fail(new PluginStartException(Reason.TIMED_OUT, message, new TimeoutException(message)));
        }
    }

    private void cancelled() {
        fail(new PluginStartException(Reason.CANCELLED, "the start was cancelled", new InterruptedException()));
    }

    /** An action that throws may have left its plugin undecided, so the start cannot succeed any more. */
    private void broken(Throwable failure) {
        fail(new PluginStartException(
                Reason.FAILED, "the start of the plugins failed: " + UserCode.describe(failure), failure));
    }

    /** Only the first failure counts; the others are its consequences or come too late. */
    private void fail(PluginStartException failure) {
        if (first != null) {
            return;
        }
        first = failure;
        for (PluginAttempt attempt : List.copyOf(attempts)) {
            if (attempt.withdraw()) {
                forget(attempt);
                attempt.runtime().change(life -> life.ended(PluginState.STOPPED, Duration.ZERO, null));
            } else {
                attempt.interrupt();
                awaitInterrupted(attempt);
            }
        }
    }

    /**
     * Waits for a start that was interrupted although its own time is not over. It may be in the middle of something that cannot be
     * interrupted, such as loading classes. A shutdown waits as long as it can, and others wait as long as for a stop.
     */
    private void awaitInterrupted(PluginAttempt attempt) {
        if (first == null || attempt.isOverdue()) {
            return;
        }
        Duration grace = limit == null ? timeouts.stop(attempt.runtime().id()) : limit.remaining();
        wake(attempt, attempt.elapsed().plus(grace), () -> graceOver(attempt));
    }

    private PluginRuntime runtime(String id) {
        return Objects.requireNonNull(runtimes.get(id));
    }
}
