package io.lynx.testkit;

import io.lynx.event.Event;
import io.lynx.event.Events;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The events that were published on the buses of a test's application, in the order in which each bus delivered them. They are
 * delivered as to any subscriber, so wait for an event by {@link #await}. Thread-safe.
 */
public final class CapturedEvents {
    /** The name of the subscription. */
    static final String SUBSCRIPTION = "lynx-test";

    private static final int QUEUE = 1 << 16;

    private final List<Event<?>> all = new CopyOnWriteArrayList<>();

    CapturedEvents() {}

    void subscribe(Events events, String bus) {
        var _ = events.subscribe(
                TopicFilter.bus(bus), all::add, as -> as.name(SUBSCRIPTION).queue(QUEUE));
    }

    /** Returns all events. */
    public List<Event<?>> all() {
        return List.copyOf(all);
    }

    /** Returns the payloads of a topic so far. */
    public <T> List<T> received(Topic<T> topic) {
        return all.stream()
                .filter(event -> event.bus().equals(topic.bus()) && event.type().equals(topic.type()))
                .map(Event::payload)
                .filter(topic.payload()::isInstance)
                .map(topic.payload()::cast)
                .toList();
    }

    /** Waits for the first event of a topic and returns its payload. */
    public <T> T await(Topic<T> topic) {
        return await(topic, _ -> true);
    }

    /**
     * Waits for an event of a topic whose payload fits, and returns the payload.
     *
     * @throws AssertionError if none arrives within {@link Await#PATIENCE}; the message lists what arrived
     */
    public <T> T await(Topic<T> topic, Predicate<? super T> fits) {
        try {
            return Await.value("an event of " + topic + " arrives", () -> find(topic, fits));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "; received were " + received(topic), late);
        }
    }

    private <T> Optional<T> find(Topic<T> topic, Predicate<? super T> fits) {
        return received(topic).stream().filter(fits).findFirst();
    }

    /** Forgets what was captured. */
    public void clear() {
        all.clear();
    }
}
