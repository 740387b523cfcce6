package io.lynx.http;

/**
 * What a listener has seen since it opened, and what is open now. A snapshot.
 *
 * @param openConnections connections open now
 * @param accepted connections accepted
 * @param refusedConnections connections closed as they were accepted, for there were too many
 * @param refusedRequests requests answered 503, for there were too many
 * @param abandoned requests whose clients went before they were answered; their work was cancelled
 * @param timedOut requests that ran out of time, clients that were too slow included
 */
public record ListenerCounts(
        int openConnections,
        long accepted,
        long refusedConnections,
        long refusedRequests,
        long abandoned,
        long timedOut) {}
