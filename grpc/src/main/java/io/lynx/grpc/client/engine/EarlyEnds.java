package io.lynx.grpc.client.engine;

import io.grpc.Context;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What ends a call before its answer: its time, the request on whose behalf it is made, and the context of gRPC in which it was made.
 * Thread-safe.
 */
final class EarlyEnds implements Context.CancellationListener {
    private final OutgoingRpc<?, ?> rpc;
    private final CallerTime time;
    private final RequestContext request;
    private final Context context;
    private volatile Scheduler.@Nullable Scheduled alarm;
    private volatile @Nullable Registration requestEnd;

    EarlyEnds(OutgoingRpc<?, ?> rpc, CallerTime time, RequestContext request, Context context) {
        this.rpc = rpc;
        this.time = time;
        this.request = request;
        this.context = context;
    }

    /** Begins to watch; what ends the call at once does so here. */
    void watch(Scheduler scheduler) {
        if (time.isOver()) {
            timeIsOver();
            return;
        }
        Deadline end = time.end();
        if (end != null) {
            try {
                alarm = scheduler.after(end.remaining(), this::timeIsOver);
            } catch (RejectedExecutionException closing) {
                // The application ends, and the client with it.
            }
        }
        requestEnd = request.onCancel(this::requestEnded);
        context.addListener(this, Runnable::run);
        if (rpc.isOver()) {
            withdraw();
        }
    }

    private void timeIsOver() {
        rpc.end(time.exceeded(rpc.subject()), time.isOwn(), time.isOwn() ? "timed_out" : "deadline_exceeded");
    }

    private void requestEnded() {
        if (time.isOver()) {
            timeIsOver();
        } else {
            rpc.end(
                    Status.CANCELLED.withDescription(
                            rpc.subject() + ": the request that needs the answer was cancelled"),
                    false,
                    "cancelled");
        }
    }

    @Override
    public void cancelled(Context ended) {
        if (time.isOver()) {
            timeIsOver();
        } else {
            rpc.end(
                    Status.CANCELLED
                            .withDescription(rpc.subject() + ": the context of the call was cancelled")
                            .withCause(ended.cancellationCause()),
                    false,
                    "cancelled");
        }
    }

    /** Watches no longer, since the call is over. */
    void withdraw() {
        Scheduler.Scheduled timer = alarm;
        if (timer != null) {
            boolean _ = timer.cancel();
        }
        Registration registered = requestEnd;
        if (registered != null) {
            registered.close();
        }
        context.removeListener(this);
    }
}
