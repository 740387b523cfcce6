package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Event.Priority;
import io.lynx.testkit.ManualTime;

/** Events without a bus, for tests of the queue. */
final class TestEvents {
    private static final Topic<Integer> NUMBERS = Topic.of("business", "numbers", Integer.class);
    private static final TopicChannel CHANNEL = new TopicChannel(NUMBERS, events(), null);

    private TestEvents() {}

    private static Events events() {
        ManualTime time = new ManualTime();
        return Events.builder().ticker(time).wallClock(time).scheduler(time).build();
    }

    static Event<?> of(int number, Priority priority) {
        return new Event<>(CHANNEL, number, EventHeaders.NONE.withPriority(priority), 0);
    }

    static int number(Event<?> event) {
        return (Integer) event.payload();
    }
}
