package io.lynx.event;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A kind of event: its bus, the name of its type and the class of its payload. Create it once and keep it in a constant. Two topics
 * are equal if all three are, and both or neither are durable. Immutable and thread-safe.
 *
 * @param <T> the payload
 */
public final class Topic<T> {
    private static final Pattern BUS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){0,15}");

    private final String bus;
    private final String type;
    private final Class<T> payload;
    private final boolean isDurable;
    private final int hash;

    private Topic(String bus, String type, Class<T> payload, boolean isDurable) {
        this.bus = bus;
        this.type = type;
        this.payload = payload;
        this.isDurable = isDurable;
        this.hash = spread((bus.hashCode() * 31 + type.hashCode()) * 31
                + payload.getName().hashCode()
                + Boolean.hashCode(isDurable));
    }

    /**
     * Returns the topic with these names.
     *
     * @param bus letters, digits, {@code _} and {@code -}; the framework's own are {@code plugin}, {@code system},
     *     {@code business}, {@code health}, {@code config}, {@code resource}, {@code security} and {@code metrics}
     * @param type segments of the same characters with dots between them, such as {@code order.placed}
     * @param payload the class, or an interface, of the payloads
     * @throws IllegalArgumentException if a name is not of that form, or the payload is a primitive
     */
    public static <T> Topic<T> of(String bus, String type, Class<T> payload) {
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("event type: '" + type
                    + "'; segments of letters, digits, '_' and '-' with dots between them are allowed");
        }
        if (payload.isPrimitive()) {
            throw new IllegalArgumentException(
                    "payload of " + bus + "/" + type + ": " + payload + "; a class or an interface is allowed");
        }
        return new Topic<>(checkBus(bus), type, payload, false);
    }

    static String checkBus(String bus) {
        if (!BUS.matcher(bus).matches()) {
            throw new IllegalArgumentException(
                    "event bus: '" + bus + "'; at most 64 letters, digits, '_' and '-' are allowed");
        }
        return bus;
    }

    /** Returns the name of the bus. */
    public String bus() {
        return bus;
    }

    /** Returns the name of the event type. */
    public String type() {
        return type;
    }

    /** Returns the class of the payload. */
    public Class<T> payload() {
        return payload;
    }

    /**
     * Returns this topic with events that are not lost once their transaction is committed: publishing one writes it in the database
     * transaction of the thread, and fails outside of a transaction. It is delivered after the commit, at least once, by whatever
     * keeps such events, such as the outbox of the plugin jdbc. Subscribers may use either of the two topics.
     */
    public Topic<T> durable() {
        return new Topic<>(bus, type, payload, true);
    }

    /** Returns whether its events are written in the transaction of their publisher. */
    public boolean isDurable() {
        return isDurable;
    }

    void check(Object value) {
        if (value == null) {
            throw new NullPointerException("payload of " + this + ": null; a " + payload.getName() + " is required");
        }
        if (value.getClass() != payload && !payload.isInstance(value)) {
            throw new IllegalArgumentException("payload of " + this + ": a "
                    + value.getClass().getName() + "; a " + payload.getName() + " is required");
        }
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 16) ^ (hash >>> 8);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Topic<?> topic
                && hash == topic.hash
                && isDurable == topic.isDurable
                && Objects.equals(payload, topic.payload)
                && type.equals(topic.type)
                && bus.equals(topic.bus);
    }

    /** Returns the names, such as {@code business/order.placed}. */
    @Override
    public String toString() {
        return bus + "/" + type;
    }
}
