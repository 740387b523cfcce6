package io.lynx.systemtest.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/** What became of one request, as its client saw it. */
public sealed interface Outcome {
    /**
     * A complete answer came.
     *
     * @param status its HTTP status
     */
    record Answered(int status) implements Outcome {}

    /**
     * Nobody took it: no byte of it was written, or the server promised that it was not processed. Sending it elsewhere
     * is safe.
     *
     * @param reason for people
     */
    record NotSent(String reason) implements Outcome {}

    /**
     * It was written on an established connection and no complete answer came.
     *
     * @param target where to
     * @param connectionAge how long the connection had been open
     * @param requestsBefore how many requests the connection had carried before
     * @param reason the exception, or what was missing
     * @param nanos when it was noticed, on {@link System#nanoTime}
     */
    record Lost(InetSocketAddress target, Duration connectionAge, int requestsBefore, String reason, long nanos)
            implements Outcome {}
}
