package io.lynx.grpc.client.engine;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Status;
import io.lynx.context.RequestContext;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a call may take: the least of the deadline of its options, that of the request on whose behalf it is made, and that of the
 * context of gRPC. A unary call without a deadline of its options has the time-out of its client. Immutable and thread-safe.
 *
 * @param end when the call must be over; null for a streaming call that nothing limits
 * @param key what set it, for messages
 * @param isOwn whether the caller or the client chose it for this call: if it passes, the server was too slow
 */
record CallerTime(@Nullable Deadline end, String key, boolean isOwn) {
    static CallerTime of(
            CallOptions options, RequestContext request, Context context, @Nullable Duration timeout, Ticker ticker) {
        CallerTime time = own(options.getDeadline(), timeout, ticker);
        Deadline outer = request.deadline().orElse(null);
        io.grpc.Deadline inherited = context.getDeadline();
        if (inherited != null) {
            Deadline other = after(inherited, ticker);
            outer = outer == null ? other : outer.earliest(other);
        }
        if (outer == null) {
            return time;
        }
        Deadline end = time.end;
        return end == null || outer.remainingNanos() < end.remainingNanos()
                ? new CallerTime(outer, "the deadline of the request", false)
                : time;
    }

    private static CallerTime own(io.grpc.@Nullable Deadline deadline, @Nullable Duration timeout, Ticker ticker) {
        if (deadline != null) {
            return new CallerTime(after(deadline, ticker), "the deadline of the call", true);
        }
        return timeout == null
                ? new CallerTime(null, "", false)
                : new CallerTime(Deadline.after(timeout, ticker), "timeout", true);
    }

    private static Deadline after(io.grpc.Deadline deadline, Ticker ticker) {
        return Deadline.after(Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)), ticker);
    }

    boolean isOver() {
        Deadline known = end;
        return known != null && known.isExpired();
    }

    /** Returns the status of a call whose time is over. */
    Status exceeded(String subject) {
        return Status.DEADLINE_EXCEEDED.withDescription(subject + ": no answer in time (" + key + ")");
    }
}
