package io.lynx.http;

/**
 * What a listener has counted since it opened, and how many connections are open now. A snapshot.
 *
 * @param openConnections connections open now
 * @param accepted connections accepted
 * @param refusedConnections connections closed as they were accepted because there were too many
 * @param refusedRequests requests answered with 503 because there were too many
 * @param abandoned requests whose clients went away before they were answered
 * @param timedOut requests that exceeded their time, those of slow clients included
 */
record ListenerCounts(
        int openConnections,
        long accepted,
        long refusedConnections,
        long refusedRequests,
        long abandoned,
        long timedOut) {}
