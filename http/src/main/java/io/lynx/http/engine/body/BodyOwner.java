package io.lynx.http.engine.body;

import io.lynx.http.HttpException;
import io.lynx.http.engine.problem.Rejection;

/** The exchange that a body is received for. Its methods are called on the event loop, unless they say otherwise. */
public interface BodyOwner {
    /** Runs the handler, once: the body is complete, or too long to wait for. */
    void dispatch();

    /** Refuses the request. */
    void refuse(HttpException problem);

    /** Whether the handler has begun, or none will. */
    boolean isDispatched();

    /** Returns whether the answer has not begun and the client is there. */
    boolean isUnanswered();

    /** Counts a refusal. Any thread. */
    void rejected(Rejection reason);

    /** The reading of the server's ticker. Any thread. */
    long now();
}
