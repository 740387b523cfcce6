package io.lynx.event;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Selects topics of one bus. Immutable and thread-safe.
 *
 * @param <T> the common type of their payloads
 */
public final class TopicFilter<T> {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_-]+|\\*)(\\.([A-Za-z0-9_-]+|\\*))*(\\.\\*\\*)?|\\*\\*");

    private final String bus;
    private final String types;
    private final @Nullable Topic<T> topic;
    private final Pattern matches;

    private TopicFilter(String bus, String types, @Nullable Topic<T> topic) {
        this.bus = bus;
        this.types = types;
        this.topic = topic;
        this.matches = Pattern.compile(expression(types));
    }

    private static String expression(String types) {
        return types.replace(".", "\\.").replace("*", "[^.]+").replace("[^.]+[^.]+", ".+");
    }

    /** Selects one topic, for a handler that needs more of its events than the payload, such as the id. */
    public static <T> TopicFilter<T> topic(Topic<T> topic) {
        return new TopicFilter<>(topic.bus(), topic.type(), topic);
    }

    /**
     * Selects the types that match a pattern: {@code *} stands for one segment, {@code **} at the end for one or more, so
     * {@code order.*} matches {@code order.placed} but not {@code order.line.added}; {@code order.**} matches both.
     *
     * @throws IllegalArgumentException if it is not a pattern
     */
    public static TopicFilter<Object> matching(String bus, String pattern) {
        if (!FORM.matcher(pattern).matches()) {
            throw new IllegalArgumentException("pattern of event types: '" + pattern
                    + "'; segments with dots between them are allowed, each a name or '*', the last may be '**'");
        }
        return new TopicFilter<>(Topic.checkBus(bus), pattern, null);
    }

    /** Selects every topic of a bus. */
    public static TopicFilter<Object> bus(String bus) {
        return matching(bus, "**");
    }

    /** Returns the bus. */
    String bus() {
        return bus;
    }

    /** Returns the type or pattern of types. */
    String types() {
        return types;
    }

    @Nullable
    Topic<T> topic() {
        return topic;
    }

    /** Returns whether it selects the topic of that type on its bus. */
    public boolean matches(String type) {
        return topic != null ? types.equals(type) : matches.matcher(type).matches();
    }

    /** Returns the bus and the pattern, such as {@code business/order.*}. */
    @Override
    public String toString() {
        return bus + "/" + types;
    }
}
