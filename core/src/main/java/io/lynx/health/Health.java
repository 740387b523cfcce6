package io.lynx.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a check found. Immutable.
 *
 * @param status how the component is
 * @param error what is wrong, in one line; null if nothing is
 * @param data details for an operator, never shown to strangers
 */
public record Health(HealthStatus status, @Nullable String error, Map<String, Object> data) {
    private static final Health UP = new Health(HealthStatus.UP, null, Map.of());

    /** Copies {@code data}, keeping its order. */
    public Health {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /** All is well. */
    public static Health up() {
        return UP;
    }

    /** It works with less than it should have. */
    public static Health degraded(String error) {
        return new Health(HealthStatus.DEGRADED, error, Map.of());
    }

    /** It does not work. */
    public static Health down(String error) {
        return new Health(HealthStatus.DOWN, error, Map.of());
    }

    /** It does not work, as {@code cause} shows; the error names the exception's type and message. */
    public static Health down(Throwable cause) {
        String message = cause.getMessage();
        String type = cause.getClass().getSimpleName();
        return down(message == null || message.isBlank() ? type : type + ": " + message);
    }

    /** The same with one more detail. */
    public Health with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(data);
        more.put(key, value);
        return new Health(status, error, more);
    }
}
