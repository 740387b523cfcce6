package io.lynx.http.engine.problem;

import io.lynx.http.HttpException;
import java.time.Duration;

/** What has a time limit. */
public enum RequestTimeLimit {
    /** A request, until its answer begins: {@code request_timeout}. */
    REQUEST("request"),
    /** The head of a request: {@code header_timeout}. */
    HEAD("request_head"),
    /** The next piece of a request's body: {@code stall_timeout}. */
    BODY("request_body"),
    /** The client, to take the next piece of the answer: {@code stall_timeout}. */
    ANSWER("response");

    private final String label;

    RequestTimeLimit(String label) {
        this.label = label;
    }

    /** The answer to a request that exceeds the limit. */
    public HttpException refusal() {
        return this == REQUEST
                ? Refusal.unavailable("the request took too long")
                : new Refusal(408, "the body arrived too slowly");
    }

    /** Returns a time limit in nanoseconds; saturates at 292 years. */
    public static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** The label in metrics. */
    public String label() {
        return label;
    }
}
