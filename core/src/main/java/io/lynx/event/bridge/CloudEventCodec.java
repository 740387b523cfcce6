package io.lynx.event.bridge;

import static java.util.Map.entry;

import io.lynx.context.RequestContext;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.event.ReceivedEvent;
import io.lynx.event.Topic;
import io.lynx.extension.UserCode;
import io.lynx.json.JsonCodec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes events as {@linkplain BridgeMessage messages} and reads them. Beside the attributes of CloudEvents 1.0 it uses the extensions
 * for partitioning ({@code partitionkey}) and distributed tracing ({@code traceparent}, {@code tracestate}), and its own: {@code
 * lynxbus} and {@code lynxpriority}. Metadata is carried if its key is an allowed name of an attribute: up to 20 lower-case letters and
 * digits. Thread-safe.
 */
public final class CloudEventCodec {
    static final String ID = "id";
    static final String TYPE = "type";
    static final String KEY = EventHeaders.KEY;
    static final String ORIGIN = "lynxorigin";

    private static final String VERSION = "specversion";
    private static final String SOURCE = "source";
    private static final String TIME = "time";
    private static final String CONTENT_TYPE = "datacontenttype";
    private static final String BUS = "lynxbus";
    private static final String PRIORITY = "lynxpriority";
    private static final String JSON = "application/json";
    private static final Set<String> TRACE = Set.of("traceparent", "tracestate", "baggage");
    private static final Set<String> RESERVED = Set.of(
            ID, TYPE, ORIGIN, VERSION, SOURCE, TIME, CONTENT_TYPE, BUS, PRIORITY, "dataschema", "subject", "data");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

    private final JsonCodec json;
    private final String source;
    private final InstantSource clock;

    /** What a message says of its event. Immutable. */
    record MessageHead(String bus, String type, ReceivedEvent event) {}

    /** A message that is not an event which can be read. */
    static final class PoisonMessageException extends Exception {
        PoisonMessageException(String message, Throwable cause) {
            super(message, cause);
        }

        PoisonMessageException(String message) {
            super(message);
        }
    }

    /**
     * Creates a codec.
     *
     * @param source the attribute of that name of the events that it writes
     * @param clock gives the time of messages that have none
     */
    public CloudEventCodec(JsonCodec json, String source, InstantSource clock) {
        this.json = json;
        this.source = source;
        this.clock = clock;
    }

    /**
     * Writes an event.
     *
     * @param event its id, time and headers
     * @param context the context in which it was published, whose trace it carries
     * @throws JsonCodec.JsonWriteException if the payload cannot be written
     */
    public BridgeMessage write(Topic<?> topic, Object payload, ReceivedEvent event, RequestContext context) {
        return write(topic.bus(), topic.type(), payload, event, context);
    }

    BridgeMessage write(String bus, String type, Object payload, ReceivedEvent event, RequestContext context) {
        Map<String, String> attributes = new HashMap<>(Map.ofEntries(
                entry(VERSION, "1.0"),
                entry(ID, event.id()),
                entry(SOURCE, source),
                entry(TYPE, type),
                entry(TIME, event.time().toString()),
                entry(CONTENT_TYPE, JSON),
                entry(BUS, bus)));
        EventHeaders headers = event.headers();
        headers.metadata().forEach((name, value) -> {
            if (NAME.matcher(name).matches() && !RESERVED.contains(name) && !TRACE.contains(name) && !value.isEmpty()) {
                attributes.put(name, value);
            }
        });
        if (headers.priority() != Priority.NORMAL) {
            attributes.put(PRIORITY, headers.priority().name());
        }
        context.propagate((name, value) -> {
            if (TRACE.contains(name)) {
                attributes.put(name, value);
            }
        });
        return new BridgeMessage(attributes, json.write(payload));
    }

    /**
     * Reads the attributes.
     *
     * @param defaultBus the bus of an event that does not name one
     */
    MessageHead head(BridgeMessage message, String defaultBus) throws PoisonMessageException {
        if (!message.attribute(VERSION).startsWith("1.")) {
            throw new PoisonMessageException(
                    "attribute specversion: '" + message.attribute(VERSION) + "'; 1.0 is supported");
        }
        for (String required : new String[] {ID, SOURCE, TYPE}) {
            if (message.attribute(required).isEmpty()) {
                throw new PoisonMessageException("attribute " + required + ": is missing; CloudEvents requires it");
            }
        }
        String content = message.attribute(CONTENT_TYPE);
        if (!content.isEmpty() && !content.startsWith(JSON) && !content.contains("+json")) {
            throw new PoisonMessageException("attribute datacontenttype: '" + content + "'; JSON is supported");
        }
        String bus = message.attributes().getOrDefault(BUS, defaultBus);
        Map<String, String> metadata = new TreeMap<>(message.attributes());
        metadata.keySet().removeIf(name -> RESERVED.contains(name) || TRACE.contains(name));
        EventHeaders headers = new EventHeaders(priority(message), message.attribute(SOURCE), metadata, null);
        return new MessageHead(bus, message.type(), new ReceivedEvent(message.id(), time(message), headers));
    }

    private static Priority priority(BridgeMessage message) {
        String name = message.attribute(PRIORITY);
        return Arrays.stream(Priority.values())
                .filter(priority -> priority.name().equals(name))
                .findFirst()
                .orElse(Priority.NORMAL);
    }

    private Instant time(BridgeMessage message) throws PoisonMessageException {
        String text = message.attribute(TIME);
        try {
            return text.isEmpty() ? clock.instant() : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException malformed) {
            throw new PoisonMessageException(
                    "attribute time: '" + text + "'; a time as RFC 3339 defines it is allowed", malformed);
        }
    }

    /** Reads the payload. */
    <T> T payload(BridgeMessage message, Topic<T> topic) throws PoisonMessageException {
        try {
            return json.read(message.data(), topic.payload());
        } catch (JsonCodec.JsonReadException malformed) {
            throw new PoisonMessageException("data: " + malformed.getMessage(), malformed);
        } catch (Throwable broken) {
            // The payload's class may throw anything, and an endless redelivery would block what follows.
            UserCode.rethrowIfFatal(broken);
            throw new PoisonMessageException("data: " + LocalDelivery.describe(broken), broken);
        }
    }
}
