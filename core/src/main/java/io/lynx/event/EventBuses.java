package io.lynx.event;

import io.lynx.event.Event.EventHeaders;
import io.lynx.event.Subscription.SubscriptionOptions;
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
     * @throws NullPointerException if the payload is null
     * @throws IllegalArgumentException if the payload is not of the topic's class, or the topic is known with another
     *     class of payload
     */
    <T> PublishResult publish(Topic<T> topic, T payload, EventHeaders headers);

    /** Publishes like {@link #publish(Topic, Object, EventHeaders)} but never waits: a full queue drops the event. */
    <T> PublishResult offer(Topic<T> topic, T payload, EventHeaders headers);

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
