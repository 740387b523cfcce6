package io.lynx.health;

/**
 * Looks at a component and says how it is. It may block and may throw: it runs on a virtual thread of its own, one run
 * at a time, and is interrupted when its timeout passes. An exception means {@link HealthStatus#DOWN}.
 */
@FunctionalInterface
public interface HealthCheck {
    /** Looks once. */
    Health check() throws Exception;
}
