package io.lynx.http.client.engine.pool;

import java.time.Duration;

/**
 * The limits of a client. Immutable and thread-safe.
 *
 * @param name of the client, for messages
 * @param section of its configuration, for messages
 * @param connectTimeout to connect, TLS included
 * @param readTimeout for the next bytes of an answer
 * @param maxConnections to one address
 * @param mayMultiplex whether a connection may carry several calls at a time
 * @param maxWait for a connection while all are in use
 * @param maxWaiting calls that wait for a connection to one address
 * @param idleTimeout after which an unused connection is closed
 * @param maxBodySize of an answer that is read as a whole, in bytes, decompressed
 */
public record ClientLimits(
        String name,
        String section,
        Duration connectTimeout,
        Duration readTimeout,
        int maxConnections,
        boolean mayMultiplex,
        Duration maxWait,
        int maxWaiting,
        Duration idleTimeout,
        long maxBodySize) {}
