package io.lynx.health;

import io.lynx.extension.UserCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a health check. Immutable.
 *
 * @param status the health of the component
 * @param error the problem in one line; null if there is none
 * @param data details for an operator, which anonymous readers of {@code /health} never see
 */
public record Health(HealthStatus status, @Nullable String error, Map<String, Object> data) {
    private static final Health UP = new Health(HealthStatus.UP, null, Map.of());

    /** Copies {@code data}, keeping its order. */
    public Health {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    /** Returns a result that reports a healthy component. */
    public static Health up() {
        return UP;
    }

    /** Returns a result that reports a component that works with reduced capacity or function. */
    public static Health degraded(String error) {
        return new Health(HealthStatus.DEGRADED, error, Map.of());
    }

    /** Returns a result that reports a component that does not work. */
    public static Health down(String error) {
        return new Health(HealthStatus.DOWN, error, Map.of());
    }

    /** Returns a result that reports a component that does not work; its error names the exception's type and message. */
    public static Health down(Throwable cause) {
        String message = UserCode.messageOf(cause);
        String simpleName = cause.getClass().getSimpleName();
        String type = simpleName.isEmpty() ? cause.getClass().getName() : simpleName;
        return down(message == null || message.isBlank() ? type : type + ": " + message);
    }

    /** Returns a copy with one more detail. */
    public Health with(String key, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(data);
        more.put(key, value);
        return new Health(status, error, more);
    }
}
