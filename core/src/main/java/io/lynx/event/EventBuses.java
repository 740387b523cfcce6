package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Subscription.SubscriptionOptions;
import io.lynx.extension.Registration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The event buses without the right to close them. This is what a plugin receives: the subscriptions that it makes are closed when
 * it stops. Thread-safe.
 */
public interface EventBuses {
    /** Publishes a payload without headers; see {@link #publish(Topic, Object, EventHeaders)}. */
    <T> PublishResult publish(Topic<T> topic, T payload);

    /**
     * Publishes a payload to every matching subscription, and returns once it is in their queues or has been dropped there.
     * It waits only for subscriptions whose overflow policy is to block, at most the timeout of each.
     *
     * <p>An event of a {@linkplain Topic#durable durable} topic is written in the transaction of this thread instead, and delivered after
     * its commit.
     *
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException if the payload is not of the topic's class, or the topic is known with another
     *     class of payload
     * @throws IllegalStateException if the topic is durable and this thread is in no transaction, or nothing keeps durable events
     */
    <T> PublishResult publish(Topic<T> topic, T payload, EventHeaders headers);

    /** Publishes like {@link #publish(Topic, Object, EventHeaders)} but never waits: a full queue drops the event. */
    <T> PublishResult offer(Topic<T> topic, T payload, EventHeaders headers);

    /**
     * Passes an event that was published elsewhere to every matching subscription that has not processed it yet, and waits like {@link
     * #publish(Topic, Object, EventHeaders)} for room in their queues. Bridges and stores of durable events use it; the receipt
     * completes when the handlers have returned. Called again with the same receipt, which must be complete, it repeats the delivery.
     *
     * @throws IllegalArgumentException if the payload is not of the topic's class
     */
    <T> void receive(Topic<T> topic, T payload, EventReceipt receipt);

    /** Returns the topic of that bus and type, if something has published or subscribed to it, with the class of its payloads. */
    Optional<Topic<?>> topic(String bus, String type);

    /**
     * Lets {@code store} keep the events of durable topics. With several stores, the one whose transaction the publishing thread is in
     * keeps the event.
     *
     * @return ends that
     */
    Registration durable(DurableEvents store);

    /** Subscribes to a topic with the defaults of its bus. */
    default <T> Subscription subscribe(Topic<T> topic, EventHandler<? super T> handler) {
        return subscribe(topic, handler, UnaryOperator.identity());
    }

    /**
     * Subscribes to a topic. Events that are published after this has returned reach the handler.
     *
     * @param as changes the options that the bus has for its subscriptions
     * @throws IllegalArgumentException if an option is out of its range, or the topic is known with another class of
     *     payload
     * @throws IllegalStateException if the buses are closed
     */
    <T> Subscription subscribe(Topic<T> topic, EventHandler<? super T> handler, UnaryOperator<SubscriptionOptions> as);

    /** Subscribes to the topics that a filter matches, with the defaults of its bus. */
    default <T> Subscription subscribe(TopicFilter<T> filter, EventHandler<? super Event<? extends T>> handler) {
        return subscribe(filter, handler, UnaryOperator.identity());
    }

    /**
     * Subscribes to the topics that a filter matches, including topics that are created later. It throws
     * what subscribing to a topic throws.
     */
    <T> Subscription subscribe(
            TopicFilter<T> filter,
            EventHandler<? super Event<? extends T>> handler,
            UnaryOperator<SubscriptionOptions> as);
}
