package io.lynx.event;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which topics of one bus a subscription is for. Immutable and thread-safe.
 *
 * @param <T> what their payloads have in common
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

    /** That topic alone. */
    public static <T> TopicFilter<T> topic(Topic<T> topic) {
        return new TopicFilter<>(topic.bus(), topic.type(), topic);
    }

    /**
     * The types that match a pattern: {@code *} stands for one segment, {@code **} at the end for one or more, so
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

    /** Everything on that bus. */
    public static TopicFilter<Object> bus(String bus) {
        return matching(bus, "**");
    }

    /** The bus. */
    public String bus() {
        return bus;
    }

    /** The name or pattern of types. */
    public String types() {
        return types;
    }

    @Nullable
    Topic<T> topic() {
        return topic;
    }

    boolean matches(String type) {
        return topic != null ? types.equals(type) : matches.matcher(type).matches();
    }

    /** The bus and the pattern, such as {@code business/order.*}. */
    @Override
    public String toString() {
        return bus + "/" + types;
    }
}
