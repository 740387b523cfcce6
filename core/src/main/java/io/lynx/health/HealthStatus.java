package io.lynx.health;

/** The health of a component, of a probe or of the whole application. */
public enum HealthStatus {
    /** It works. */
    UP,
    /** It works with reduced capacity or function. */
    DEGRADED,
    /** It does not work. */
    DOWN,
    /** It is shutting down, or was taken out of service on purpose. */
    OUT_OF_SERVICE,
    /** There is no result yet, or the last one is too old. */
    UNKNOWN
}
