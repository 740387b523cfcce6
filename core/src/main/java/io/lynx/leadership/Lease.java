package io.lynx.leadership;

/**
 * A lease that a backend has granted. Immutable.
 *
 * @param leadership the name of the leadership
 * @param holder identifies the term; no other term of any instance has the same
 * @param token the fencing token, larger than those of all leases granted before under the name
 */
public record Lease(String leadership, String holder, long token) {}
