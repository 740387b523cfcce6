package io.lynx.http;

import io.lynx.extension.ExtensionPoint;
import java.time.Duration;

/**
 * Receives the beginning of the server's shutdown on behalf of a {@linkplain Response#longLived long-lived answer}. It can send
 * a last message and close the answer, or let the handler do so.
 */
@ExtensionPoint(
        thread = "a virtual thread of its own, beside the handler's",
        deadline = "the answer's share of the shutdown's budget")
@FunctionalInterface
public interface DrainCallback {
    /**
     * The server is shutting down. The answer goes on until it is closed.
     *
     * @param remaining the time until the server ends the answer
     * @throws Exception is logged
     */
    void draining(Duration remaining) throws Exception;
}
