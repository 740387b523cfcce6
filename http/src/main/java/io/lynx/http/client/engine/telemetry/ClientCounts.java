package io.lynx.http.client.engine.telemetry;

/**
 * What a client uses at one moment.
 *
 * @param inFlight calls that have begun and not ended
 * @param active connections that carry a call
 * @param idle connections that carry none
 * @param waiting calls that wait for a connection
 * @param servers addresses that are known
 * @param ejected addresses that get no calls, since calls to them failed
 */
public record ClientCounts(long inFlight, int active, int idle, int waiting, int servers, int ejected) {}
