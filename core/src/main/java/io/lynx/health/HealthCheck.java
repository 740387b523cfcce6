package io.lynx.health;

import io.lynx.extension.ExtensionPoint;

/**
 * Inspects one component and reports its health. A check may block and may throw: it runs on a virtual thread of its own,
 * one run at a time, and is interrupted when it exceeds its timeout. An exception means {@link HealthStatus#DOWN}.
 */
@ExtensionPoint(thread = "a virtual thread of its own", deadline = "the check's timeout, after which it is interrupted")
@FunctionalInterface
public interface HealthCheck {
    /** Runs the check once. */
    Health check() throws Exception;
}
