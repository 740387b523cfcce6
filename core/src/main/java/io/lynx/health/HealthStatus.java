package io.lynx.health;

/** How a component, or the whole application, is. */
public enum HealthStatus {
    /** It works. */
    UP,
    /** It works with less than it should have. */
    DEGRADED,
    /** It does not work. */
    DOWN,
    /** It is being stopped, or was taken out of service on purpose. */
    OUT_OF_SERVICE,
    /** Nobody knows: never checked, or not checked for too long. */
    UNKNOWN
}
