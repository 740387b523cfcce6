package io.lynx.http.engine.telemetry;

import io.lynx.context.TraceContext;
import io.lynx.http.engine.problem.Rejection;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.routing.Route;
import org.jspecify.annotations.Nullable;

/** Records how the requests of a listener end. Thread-safe; its methods do not wait and do not throw. */
public interface RequestRecorder {
    /** Records nothing. */
    RequestRecorder NONE = new RequestRecorder() {
        @Override
        public void ended(
                @Nullable Route route,
                String method,
                int status,
                long beganNanos,
                long nanos,
                long requestBytes,
                long responseBytes,
                @Nullable TraceContext trace) {}

        @Override
        public boolean wantsTraces() {
            return false;
        }

        @Override
        public void rejected(Rejection reason) {}

        @Override
        public void timedOut(RequestTimeLimit limit) {}

        @Override
        public void rateLimited(String limiter) {}

        @Override
        public void ignored(String header) {}

        @Override
        public void deadlineExceeded(@Nullable Route route) {}

        @Override
        public void deadlineUnused(@Nullable Route route, long millionths) {}
    };

    /**
     * A request has ended; called once for each.
     *
     * @param route the route that answered it; null if none did
     * @param method as sent; arbitrary if it could not be read
     * @param status how it ended: the status of the answer if that is complete
     * @param beganNanos from its head until the answer began, or to its end if there was none
     * @param nanos from its head to its end
     * @param requestBytes the bytes of its body that arrived
     * @param responseBytes the bytes of the answer's body that were sent
     * @param trace the trace that it belongs to; null if it belongs to none or traces are not {@linkplain #wantsTraces recorded}
     */
    void ended(
            @Nullable Route route,
            String method,
            int status,
            long beganNanos,
            long nanos,
            long requestBytes,
            long responseBytes,
            @Nullable TraceContext trace);

    /** Whether a request whose answer began after this time counts as slow. */
    default boolean isSlow(long beganNanos) {
        return false;
    }

    /** Whether the traces of requests are recorded. */
    boolean wantsTraces();

    /** Returns what records the WebSockets of a route. */
    default SocketRecorder sockets(@Nullable Route route) {
        return SocketRecorder.NONE;
    }

    /** A request was refused, or a connection that might have brought one. */
    void rejected(Rejection reason);

    /** A time limit was exceeded. */
    void timedOut(RequestTimeLimit limit);

    /** A rate limiter refused a call of a handler. */
    void rateLimited(String limiter);

    /** A header of the request's context was ignored, as a whole or in part. */
    void ignored(String header);

    /** The time of a request was over before its answer began. */
    void deadlineExceeded(@Nullable Route route);

    /** An answer began while this share of the request's time was left, in millionths. */
    void deadlineUnused(@Nullable Route route, long millionths);
}
