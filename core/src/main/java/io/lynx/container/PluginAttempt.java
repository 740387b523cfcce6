package io.lynx.container;

import io.lynx.event.Subscription.Undelivered;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginOperation;
import io.lynx.plugin.PluginState;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * An attempt runs on a virtual thread named for its plugin. If that thread does not get a carrier soon, because other plugins
 * compute or block all of them, the coordinator starts a platform thread for it, and tries again while the operating system has none;
 * the thread that comes first runs the work.
 */

/**
 * One attempt to start or to stop a plugin, while a coordinator observes it. It ends once: by its own thread, or because the coordinator
 * abandons it; the later of the two learns that and leaves the outcome alone.
 */
final class PluginAttempt {
    /** How it ended. */
    private enum End {
        DONE,
        ABANDONED
    }

    /** How long its virtual thread may wait for a carrier before a platform thread is started. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(PluginAttempt.class);
    private static final int STACK_LINES = 25;

    private final PluginOperation operation;
    private final PluginRuntime runtime;
    private final PluginScope scope;
    private final Consumer<PluginAttempt> work;
    private final long startedAt;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
    private volatile Deadline deadline;
    private volatile boolean isCleaningUp;

    /** The fields below are the coordinator's. */
    private Duration allowed;

    private RunLoop.@Nullable Alarm alarm;
    private RunLoop.@Nullable Alarm reserve;
    private List<StackTraceElement> stackAtDeadline = List.of();
    private boolean isOverdue;
    private boolean isWithdrawn;

    PluginAttempt(
            PluginOperation operation,
            PluginRuntime runtime,
            PluginScope scope,
            Duration allowed,
            Consumer<PluginAttempt> work) {
        this.operation = operation;
        this.runtime = runtime;
        this.scope = scope;
        this.allowed = allowed;
        this.deadline = Deadline.after(allowed, scope.ticker());
        this.work = work;
        this.startedAt = scope.ticker().nanos();
    }

    PluginOperation operation() {
        return operation;
    }

    PluginRuntime runtime() {
        return runtime;
    }

    PluginScope scope() {
        return scope;
    }

    /** The deadline of what its thread does now. */
    Deadline deadline() {
        return deadline;
    }

    Duration allowed() {
        return allowed;
    }

    /** Shortens the time that it is allowed. */
    void allow(Duration less) {
        allowed = less;
        deadline = deadline.earliest(Deadline.after(less.minus(elapsed()), scope.ticker()));
    }

    /** Starts its virtual thread. The coordinator starts a platform thread if that one gets no carrier soon. */
    void launch(RunLoop loop) {
        Duration quarter = allowed.dividedBy(4);
        awaitBegin(loop, quarter.compareTo(PATIENCE) < 0 ? quarter : PATIENCE);
        boolean _ = ThreadStarter.SYSTEM.tryStart(
                Thread.ofVirtual().name(threadName()).unstarted(this::begin));
    }

    private void awaitBegin(RunLoop loop, Duration patience) {
        reserve = loop.after(patience, () -> {
            if (worker.get() == null && !isOver() && !isBegunOnPlatformThread()) {
                awaitBegin(loop, PATIENCE);
            }
        });
    }

    private boolean isBegunOnPlatformThread() {
        return ThreadStarter.SYSTEM.tryStart(
                Thread.ofPlatform().name(threadName()).daemon().unstarted(this::begin));
    }

    private String threadName() {
        return "lynx-" + runtime.id() + "-" + operation.name().toLowerCase(Locale.ROOT);
    }

    private void begin() {
        if (worker.compareAndSet(null, Thread.currentThread()) && !isOver()) {
            work.accept(this);
        }
    }

    /** Keeps it from beginning; returns false if it has begun or is over. For the coordinator only. */
    boolean withdraw() {
        boolean hasNotBegun = worker.compareAndSet(null, Thread.currentThread()) && finish();
        isWithdrawn |= hasNotBegun;
        return hasNotBegun;
    }

    void interrupt() {
        Thread thread = worker.get();
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Called by its own thread before it cleans up after a failed start, which has a deadline of its own. */
    void beginCleanUp(Deadline limit) {
        deadline = limit;
        isCleaningUp = true;
    }

    boolean isCleaningUp() {
        return isCleaningUp;
    }

    /** Returns whether this call ended it, so that the caller's outcome counts. */
    boolean finish() {
        return end.compareAndSet(null, End.DONE);
    }

    /** Returns whether this call ended it; its own thread's outcome then does not count. */
    boolean abandon() {
        return end.compareAndSet(null, End.ABANDONED);
    }

    boolean isOver() {
        return end.get() != null;
    }

    /** Returns whether its own thread ended it. */
    boolean isDone() {
        return end.get() == End.DONE;
    }

    Duration elapsed() {
        return Duration.ofNanos(scope.ticker().nanos() - startedAt);
    }

    /** Returns what its thread is doing; empty if no thread has begun it. */
    List<StackTraceElement> stack() {
        Thread thread = worker.get();
        return thread == null ? List.of() : List.of(thread.getStackTrace());
    }

    /** Describes where it is in a few words. */
    String where(List<StackTraceElement> stack) {
        if (isWithdrawn || worker.get() == null) {
            return "it has not begun, since no processor was free";
        }
        return stack.isEmpty() ? "its thread has ended" : "at " + telling(stack);
    }

    /** The innermost frame that says what it was doing: where the JDK waits is the same for all. */
    private static StackTraceElement telling(List<StackTraceElement> stack) {
        return stack.stream()
                .filter(frame -> !"java.base".equals(frame.getModuleName()))
                .findFirst()
                .orElse(stack.getFirst());
    }

    /** Records that its time is over, and what its thread was doing then. */
    void overdue() {
        isOverdue = true;
        stackAtDeadline = stack();
    }

    boolean isOverdue() {
        return isOverdue;
    }

    List<StackTraceElement> stackAtDeadline() {
        return stackAtDeadline;
    }

    PluginEvent.LateResult lateResult(@Nullable Throwable failure) {
        return new PluginEvent.LateResult(runtime.status(), operation, elapsed(), failure);
    }

    /** Returns its report, with what its threads do. */
    PluginStop report(PluginState state, List<StackTraceElement> stack) {
        List<String> lines = new ArrayList<>();
        stack.stream().limit(STACK_LINES).forEach(frame -> lines.add("at " + frame));
        for (Thread thread : scope.liveThreads()) {
            if (lines.size() >= 4 * STACK_LINES) {
                lines.add("…");
                break;
            }
            lines.add(thread.getName() + ":");
            List.of(thread.getStackTrace()).stream().limit(STACK_LINES / 2).forEach(frame -> lines.add("at " + frame));
        }
        return new PluginStop(runtime.id(), operation, state, elapsed(), allowed, List.of(), null, List.of(), lines);
    }

    /**
     * Closes what it opened although its thread still hangs. Nothing waits for that.
     *
     * @param drain how long its subscriptions may go on with what they have
     * @param limit how long everything may take
     * @param undelivered receives what its subscriptions had left, on another thread; may never be called
     */
    void closeScopeBehindIt(Duration drain, Duration limit, Consumer<List<Undelivered>> undelivered) {
        try {
            Thread _ = ThreadStarter.SYSTEM.start(
                    Thread.ofPlatform().name("lynx-" + runtime.id() + "-close").daemon(), () -> {
                        Deadline end = Deadline.after(limit, scope.ticker());
                        undelivered.accept(scope.drainSubscriptions(end.atMost(drain)));
                        PluginScope.Leftovers _ = scope.close(end);
                    });
        } catch (RejectedExecutionException noThread) {
            // The stops of others matter more than what an abandoned plugin holds.
            LOG.atWarn()
                    .addKeyValue("plugin", runtime.id())
                    .setCause(noThread)
                    .log("Resources of an abandoned plugin are not closed");
        }
    }

    /** Replaces its next alarm. */
    void alarm(RunLoop.Alarm next) {
        if (alarm != null) {
            alarm.cancel();
        }
        alarm = next;
    }

    /** Cancels its alarms. */
    void silence() {
        if (alarm != null) {
            alarm.cancel();
        }
        if (reserve != null) {
            reserve.cancel();
        }
    }
}
