package io.lynx.event;

/**
 * A circuit breaker has another state than before.
 *
 * @param breaker its name
 * @param from the name of the state before, such as {@code CLOSED}
 * @param to the name of the state now
 * @param cause why, in a few words
 */
public record BreakerTransition(String breaker, String from, String to, String cause) implements FrameworkEvent {}
