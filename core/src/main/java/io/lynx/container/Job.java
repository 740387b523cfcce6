package io.lynx.container;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One plugin's start or stop, on a virtual thread named for it, while a coordinator looks on. It ends once: done by its
 * own thread, or abandoned by the coordinator; who is second finds that out and leaves the outcome alone.
 */
final class Job {
    /** How it ended. */
    private enum End {
        DONE,
        ABANDONED
    }

    private final PluginRuntime runtime;
    private final PluginScope scope;
    private final Deadline deadline;
    private final Duration allowed;
    private final long startedAt;
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final Thread thread;

    /** The coordinator's next wake-up for this job; touched by the coordinator's thread alone. */
    private Scheduler.@Nullable Scheduled alarm;

    Job(
            String stage,
            PluginRuntime runtime,
            PluginScope scope,
            Duration allowed,
            Deadline deadline,
            java.util.function.Consumer<Job> work) {
        this.runtime = runtime;
        this.scope = scope;
        this.allowed = allowed;
        this.deadline = deadline;
        this.startedAt = scope.ticker().nanos();
        this.thread =
                Thread.ofVirtual().name("lynx-" + runtime.id() + "-" + stage).unstarted(() -> work.accept(this));
    }

    PluginRuntime runtime() {
        return runtime;
    }

    PluginScope scope() {
        return scope;
    }

    Deadline deadline() {
        return deadline;
    }

    Duration allowed() {
        return allowed;
    }

    void launch() {
        thread.start();
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Whether this call ended it, so that the caller's outcome counts. */
    boolean finish() {
        return end.compareAndSet(null, End.DONE);
    }

    /** Whether this call gave it up; its own thread's outcome then does not count. */
    boolean abandon() {
        return end.compareAndSet(null, End.ABANDONED);
    }

    boolean isOver() {
        return end.get() != null;
    }

    Duration elapsed() {
        return Duration.ofNanos(scope.ticker().nanos() - startedAt);
    }

    List<StackTraceElement> stack() {
        return List.of(thread.getStackTrace());
    }

    /** Closes what it opened while its own thread still hangs; nobody waits for that. */
    void closeScopeBehindIt(Duration allowed) {
        Thread.ofVirtual()
                .name("lynx-" + runtime.id() + "-close")
                .start(() -> scope.close(Deadline.after(allowed, scope.ticker())));
    }

    void alarm(Scheduler.Scheduled next) {
        alarm = next;
    }

    void silence() {
        if (alarm != null) {
            boolean _ = alarm.cancel();
            alarm = null;
        }
    }
}
