package io.lynx.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.event.Event.EventHeaders;
import io.lynx.extension.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DurableTopicTest {
    private static final Topic<String> PLACED = Topic.of("business", "order.placed", String.class);
    private static final Topic<String> DURABLE = PLACED.durable();

    private final Events events = Events.builder().build();

    @AfterEach
    void close() {
        events.close();
    }

    private static final class Store implements DurableEvents {
        private final boolean isInTransaction;
        private final List<String> written = new CopyOnWriteArrayList<>();

        Store(boolean isInTransaction) {
            this.isInTransaction = isInTransaction;
        }

        @Override
        public <T> boolean write(Topic<T> topic, T payload, EventHeaders headers) {
            if (isInTransaction) {
                written.add(topic + " " + payload + " " + headers.key());
            }
            return isInTransaction;
        }
    }

    @Test
    void isAnotherTopicThanTheOneThatIsNot() {
        assertThat(DURABLE).isNotEqualTo(PLACED).isEqualTo(PLACED.durable()).hasToString("business/order.placed");
        assertThat(DURABLE.isDurable()).isTrue();
    }

    @Test
    void withoutAStorePublishingFails() {
        assertThatThrownBy(() -> events.publish(DURABLE, "lamp"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("business/order.placed")
                .hasMessageContaining("nothing keeps durable events");
    }

    @Test
    void outsideOfATransactionPublishingFails() {
        Registration _ = events.durable(new Store(false));

        assertThatThrownBy(() -> events.publish(DURABLE, "lamp"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in no transaction")
                .hasMessageContaining("Transactions.in");
    }

    @Test
    void theStoreWhoseTransactionItIsKeepsTheEvent() {
        Store other = new Store(false);
        Store store = new Store(true);
        Registration _ = events.durable(other);
        Registration _ = events.durable(store);
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(DURABLE, seen::add);

        PublishResult result = events.publish(DURABLE, "lamp", EventHeaders.NONE.withKey("o-1"));
        PublishResult again = events.publish(DURABLE, "shade");

        assertThat(result.isAccepted() && again.isAccepted()).isTrue();
        assertThat(store.written).containsExactly("business/order.placed lamp o-1", "business/order.placed shade ");
        assertThat(Eventually.settled(subscription).published()).isZero();
    }

    @Test
    void aTopicThatIsNotDurableIsPublishedAtOnce() {
        Registration _ = events.durable(new Store(true));
        List<String> seen = new CopyOnWriteArrayList<>();
        Subscription subscription = events.subscribe(DURABLE, seen::add);

        events.publish(PLACED, "lamp");
        events.publish(PLACED, "shade");

        assertThat(Eventually.settled(subscription).processed()).isEqualTo(2);
        assertThat(seen).containsExactly("lamp", "shade");
    }
}
