package io.lynx.http.engine;

import io.lynx.http.HttpException;

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
    HttpException refusal() {
        return this == REQUEST
                ? Refusal.unavailable("the request took too long")
                : new Refusal(408, "the body arrived too slowly");
    }

    /** The label in metrics. */
    String label() {
        return label;
    }
}
