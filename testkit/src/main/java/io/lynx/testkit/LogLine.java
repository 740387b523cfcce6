package io.lynx.testkit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A line that was logged. Immutable.
 *
 * @param level its level
 * @param logger the name of its logger
 * @param message its text, with the arguments filled in
 * @param values its key-values
 * @param thread the name of the thread that logged it
 * @param thrown the class and the message of the exception that was logged with it; null if there was none
 */
public record LogLine(
        Level level,
        String logger,
        String message,
        Map<String, String> values,
        String thread,
        @Nullable String thrown) {
    /** Copies the key-values, keeping their order. */
    public LogLine {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns it in one line, such as {@code WARN io.shop.Orders: Order rejected {order=5}}. */
    @Override
    public String toString() {
        return level + " " + logger + ": " + message + (values.isEmpty() ? "" : " " + values)
                + (thrown == null ? "" : " (" + thrown + ")");
    }
}
