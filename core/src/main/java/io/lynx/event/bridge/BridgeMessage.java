package io.lynx.event.bridge;

import io.lynx.context.ContextSource;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An event as it travels: the attributes of CloudEvents 1.0 and the JSON of the payload. A transport that has headers sends each
 * attribute as one, in the binary mode of its binding of CloudEvents. Immutable, apart from the bytes, which must not be changed.
 */
public final class BridgeMessage {
    private final Map<String, String> attributes;
    private final byte[] data;

    /**
     * Creates a message.
     *
     * @param attributes the attributes by their names, such as {@code id}; copied
     * @param data the payload; not copied
     */
    public BridgeMessage(Map<String, String> attributes, byte[] data) {
        this.attributes = Map.copyOf(attributes);
        this.data = data;
    }

    /** Returns the attributes of CloudEvents by name, extensions included. */
    public Map<String, String> attributes() {
        return attributes;
    }

    /** Returns an attribute; empty if it is missing. */
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }

    /** Returns the payload; do not change it. */
    public byte[] data() {
        return data;
    }

    /** Returns the id of the event; empty if the message has none. */
    public String id() {
        return attribute(CloudEventCodec.ID);
    }

    /** Returns the type of the event; empty if the message has none. */
    public String type() {
        return attribute(CloudEventCodec.TYPE);
    }

    /** Returns the partition key; empty if the event has none. */
    public String key() {
        return attribute(CloudEventCodec.KEY);
    }

    /** Returns a copy with another attribute. */
    public BridgeMessage with(String name, String value) {
        Map<String, String> more = new TreeMap<>(attributes);
        more.put(name, Objects.requireNonNull(value));
        return new BridgeMessage(more, data);
    }

    /** Returns a copy with the attributes and an empty payload. */
    BridgeMessage withoutData() {
        return new BridgeMessage(attributes, new byte[0]);
    }

    /**
     * Returns the source of a context in which the message is sent or handled: its trace is that of the attributes, and its request id is the
     * id of the event.
     *
     * @param operation what is done, such as {@code event order.placed}
     */
    public ContextSource source(String operation) {
        return new AttributeSource(this, operation);
    }

    /** The attributes as headers. Immutable. */
    private record AttributeSource(BridgeMessage message, String operation) implements ContextSource {
        @Override
        public List<String> headers(String name) {
            String value = message.attribute(name);
            return value.isEmpty() ? List.of() : List.of(value);
        }

        @Override
        public String newRequestId() {
            return message.id();
        }

        @Override
        public Optional<Deadline> answerBy() {
            return Optional.empty();
        }

        @Override
        public void ignored(String header) {
            // A malformed trace costs the trace only.
        }
    }

    /** Returns the type and the id. The payload is left out: it may hold what a log must not. */
    @Override
    public String toString() {
        return type() + "#" + id();
    }
}
