package io.lynx.plugin.external;

import java.time.Duration;

/**
 * Who uses an external system, for reports. Immutable.
 *
 * @param operation what the request asks for, such as {@code GET /orders/{id}}; the name of the thread outside of a request
 * @param age how long the use has lasted
 * @param thread the thread that began it
 */
public record Holder(String operation, Duration age, Thread thread) {
    /** Returns the operation and the age, such as {@code GET /orders/{id} (1240ms)}. */
    @Override
    public String toString() {
        return operation + " (" + age.toMillis() + "ms)";
    }
}
