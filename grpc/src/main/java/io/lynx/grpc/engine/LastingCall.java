package io.lynx.grpc.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Context;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A streaming call as its service sees it: what is to be notified of the drain. Thread-safe. */
public final class LastingCall {
    /** The streaming call of the current context; null outside of one. */
    public static final Context.Key<LastingCall> KEY = Context.key("lynx-streaming-call");

    private final Consumer<Runnable> runner;

    @GuardedBy("this")
    private @Nullable Consumer<Duration> action;

    @GuardedBy("this")
    private @Nullable Deadline deadline;

    /** A call; {@code runner} runs an action on a virtual thread. */
    LastingCall(Consumer<Runnable> runner) {
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

    /** The drain has begun. */
    synchronized void draining(Deadline end) {
        if (deadline == null) {
            deadline = end;
            Consumer<Duration> known = action;
            if (known != null) {
                run(known, end);
            }
        }
    }

    private void run(Consumer<Duration> notified, Deadline end) {
        runner.accept(() -> notified.accept(end.remaining()));
    }
}
