package io.lynx.app;

import io.lynx.app.ShutdownReport.Phase;
import io.lynx.container.ThreadStarter;
import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.TimedWait;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of a shutdown one after another, each on a platform thread of its own, so that none of them can hold up the
 * others: one that does not return by its deadline is interrupted and then abandoned. Used by one thread.
 */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    /** The time after its deadline that a step still has to return without being abandoned, if the budget allows it. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** The least of that time, whatever the budget allows. */
    private static final Duration LEAST_GRACE = Duration.ofMillis(200);

    /** The time at the end of the budget that no step is given as grace. */
    private static final Duration LAST = Duration.ofMillis(200);

    /** The time in which an interrupted step must return. */
    private static final Duration INTERRUPTED_GRACE = Duration.ofMillis(100);

    private static final int FRAMES = 5;

    private final ApplicationTime time;
    private final Deadline budget;
    private final ShutdownProgress progress;
    private final Consumer<Phase.Name> onPhase;
    private final ThreadStarter threads;
    private Phase.@Nullable Name phase;

    /**
     * Creates a runner.
     *
     * @param onPhase receives each phase when it begins, on the thread of its first step
     */
    StepRunner(
            ApplicationTime time,
            Deadline budget,
            ShutdownProgress progress,
            Consumer<Phase.Name> onPhase,
            ThreadStarter threads) {
        this.time = time;
        this.budget = budget;
        this.progress = progress;
        this.onPhase = onPhase;
        this.threads = threads;
    }

    void run(List<ShutdownStep> steps) {
        steps.forEach(this::run);
    }

    private void run(ShutdownStep step) {
        boolean isNewPhase = phase != step.phase();
        phase = step.phase();
        Deadline deadline = step.share().apply(budget);
        progress.begin(step, deadline.remaining());
        CompletableFuture<@Nullable String> done = new CompletableFuture<>();
        Thread thread = start(step, () -> act(step, isNewPhase, deadline, done));
        String problem = await(deadline, done) ? done.getNow(null) : abandon(thread, done);
        progress.end(problem);
    }

    /** Runs {@code act} on the caller's thread if there is no other: then only the watchdog of the process bounds it. */
    private Thread start(ShutdownStep step, Runnable act) {
        try {
            return threads.start(
                    Thread.ofPlatform()
                            .name("lynx-shutdown-" + step.name().replace(' ', '-'))
                            .daemon(),
                    act);
        } catch (RejectedExecutionException noThread) {
            LOG.atWarn()
                    .addKeyValue("step", step.name())
                    .setCause(noThread)
                    .log(
                            "Step of the shutdown runs without a thread of its own; if it hangs, the shutdown waits for it");
            act.run();
            return Thread.currentThread();
        }
    }

    private void act(
            ShutdownStep step, boolean isNewPhase, Deadline deadline, CompletableFuture<@Nullable String> done) {
        if (isNewPhase) {
            boolean _ = UserCode.run(() -> onPhase.accept(step.phase()), _ -> {});
        }
        try {
            step.action().run(deadline);
            done.complete(null);
        } catch (InterruptedException givenUp) {
            done.complete("interrupted");
        } catch (Throwable failure) {
            done.complete("failed: " + UserCode.describe(failure));
            UserCode.rethrowIfFatal(failure);
        }
    }

    private boolean await(Deadline deadline, CompletableFuture<@Nullable String> done) {
        Duration left = deadline.remaining();
        Duration most = left.plus(GRACE);
        Duration budgeted = budget.remaining().minus(LAST);
        Duration least = left.plus(LEAST_GRACE);
        Duration bounded = budgeted.compareTo(most) < 0 ? budgeted : most;
        Deadline patience = Deadline.after(bounded.compareTo(least) < 0 ? least : bounded, time.ticker());
        return TimedWait.awaitUninterruptibly(done, patience, time.deadlines());
    }

    private @Nullable String abandon(Thread thread, CompletableFuture<@Nullable String> done) {
        StackTraceElement[] stack = thread.getStackTrace();
        thread.interrupt();
        Deadline patience = Deadline.after(INTERRUPTED_GRACE, time.ticker());
        boolean isOver = TimedWait.awaitUninterruptibly(done, patience, time.deadlines());
        String where = Arrays.stream(stack)
                .limit(FRAMES)
                .map(StackTraceElement::toString)
                .collect(Collectors.joining(" < "));
        return (isOver ? "interrupted after its deadline at " : "abandoned after its deadline at ") + where;
    }
}
