package io.lynx.http.engine;

import org.jspecify.annotations.Nullable;

/** Takes note of what becomes of a listener's requests. Thread-safe; nothing here waits or throws. */
public interface RequestRecorder {
    /** Takes note of nothing. */
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
                @Nullable TraceParent trace) {}

        @Override
        public boolean wantsTraces() {
            return false;
        }

        @Override
        public void rejected(Rejection reason) {}

        @Override
        public void timedOut(TimeLimit limit) {}

        @Override
        public void rateLimited(String limiter) {}
    };

    /**
     * A request has ended; called once for each.
     *
     * @param route what answered it; null if no route did
     * @param method as sent; anything if it could not be read
     * @param status how it ended: the status of the answer if that is complete
     * @param beganNanos from its head to the begin of the answer, or to its end if there was none
     * @param nanos from its head to its end
     * @param requestBytes what came of its body
     * @param responseBytes what was sent of the body of the answer
     * @param trace what it belongs to; null if to none, or if nobody {@linkplain #wantsTraces wants} to know
     */
    void ended(
            @Nullable Route route,
            String method,
            int status,
            long beganNanos,
            long nanos,
            long requestBytes,
            long responseBytes,
            @Nullable TraceParent trace);

    /** Whether the trace of a request is taken note of; nobody looks for it if not. */
    boolean wantsTraces();

    /** A request, or a connection that may have brought one, was refused. */
    void rejected(Rejection reason);

    /** A limit of time was over. */
    void timedOut(TimeLimit limit);

    /** A rate limit refused what a handler asked for. */
    void rateLimited(String limiter);
}
