package io.lynx.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private final Notifier<String> notifier = new Notifier<>(new ManualTime());
    private final List<String> received = new ArrayList<>();

    @Test
    void passesEventsOnInTheOrderOfRegistration() {
        notifier.add("first", event -> received.add("first " + event));
        notifier.add("second", event -> received.add("second " + event));

        notifier.publish("event");

        assertThat(received).containsExactly("first event", "second event");
    }

    @Test
    void aConsumerThatThrowsDoesNotAffectTheOthers() {
        notifier.add("hostile", event -> {
            throw new StackOverflowError(event);
        });
        notifier.add("second", received::add);

        notifier.publish("event");

        assertThat(received).containsExactly("event");
    }

    @Test
    void closingARegistrationRemovesOnlyItsConsumer() {
        Registration first = notifier.add("same", received::add);
        Registration second = notifier.add("same", received::add);

        first.close();
        first.close();
        notifier.publish("event");
        second.close();

        assertThat(received).containsExactly("event");
        assertThat(notifier.isEmpty()).isTrue();
    }
}
