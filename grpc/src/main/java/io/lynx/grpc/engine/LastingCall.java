package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.lynx.time.Deadline;
import io.lynx.transport.DrainListener;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leads a streaming call through the drain of the server or the stop of its plugin: its service is notified, and then the call is ended.
 * Thread-safe.
 */
public final class LastingCall implements DrainListener {
    /** The streaming call of the current context; null outside of one. */
    public static final Context.Key<LastingCall> KEY = Context.key("lynx-streaming-call");

    private final CallEnding ending;
    private final Consumer<Runnable> runner;

    @GuardedBy("this")
    private @Nullable Consumer<Duration> action;

    @GuardedBy("this")
    private @Nullable Deadline deadline;

    /** A call; {@code runner} runs an action on a virtual thread. */
    LastingCall(CallEnding ending, Consumer<Runnable> runner) {
        this.ending = ending;
        this.runner = runner;
    }

    /** Sets what is notified; at once if the drain has begun. */
    public synchronized void onDrain(Consumer<Duration> added) {
        Consumer<Duration> before = action;
        action = before == null ? added : before.andThen(added);
        Deadline known = deadline;
        if (known != null) {
            run(added, known);
        }
    }

    @Override
    public synchronized void draining(Deadline end) {
        if (deadline == null) {
            deadline = end;
            Consumer<Duration> known = action;
            if (known != null) {
                run(known, end);
            }
        }
    }

    @Override
    public void goodbye() {
        ending.end(Status.UNAVAILABLE.withDescription(CallEnding.SHUTTING_DOWN), new Metadata());
    }

    /** The plugin of its service stops. */
    void endForRestart() {
        ending.restarting();
    }

    private void run(Consumer<Duration> notified, Deadline end) {
        runner.accept(() -> notified.accept(end.remaining()));
    }
}
