package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import io.lynx.extension.Registration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What keeps the events of durable topics. Thread-safe. */
final class DurableStores {
    private final List<DurableEvents> stores = new CopyOnWriteArrayList<>();

    Registration add(DurableEvents store) {
        stores.add(store);
        return () -> {
            boolean _ = stores.remove(store);
        };
    }

    /** Writes an event in the transaction of this thread. */
    <T> PublishResult write(Topic<T> topic, Object payload, EventHeaders headers) {
        topic.check(payload);
        T value = topic.payload().cast(payload);
        for (DurableEvents store : stores) {
            if (store.write(topic, value, headers)) {
                return PublishResult.Accepted.INSTANCE;
            }
        }
        throw new IllegalStateException(
                stores.isEmpty()
                        ? "event of " + topic
                                + ": the topic is durable, and nothing keeps durable events; add lynx-jdbc and a"
                                + " section lynx.outbox, or publish to a topic that is not durable"
                        : "event of " + topic
                                + ": the topic is durable, and this thread is in no transaction; publish it inside"
                                + " Transactions.in(…), with the data that it belongs to");
    }
}
