package io.lynx.event;

import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.DeadLetters.ReplayResult;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.EventsSnapshot.SubscriptionSnapshot;
import io.lynx.event.EventsSnapshot.TopicSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.SubscriptionOptions;
import io.lynx.extension.watch.PluginOwned;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One of the buses of an {@link Events}: its topics, its subscriptions and its history. Thread-safe. Its lock guards which
 * subscription receives what; no event is published or handled while it is held.
 */
final class Bus {
    /** Largest number of topics of a bus: types are names in a program, not values in its data. */
    static final int MOST_TOPICS = 4096;

    final Events events;
    final String name;
    final BusOptions options;
    /** Counts events of topics beyond {@link #MOST_TOPICS}. */
    final LongAdder refused = new LongAdder();

    private final @Nullable EventHistory history;
    private final Map<String, TopicChannel> channels = new ConcurrentHashMap<>();
    private final BargingLock lock = new BargingLock();

    // All of these are guarded by lock.
    private final Map<String, QueuedSubscription> subscriptions = new LinkedHashMap<>();
    private final Map<String, Integer> suffixes = new HashMap<>();
    private boolean paused;
    private boolean closed;

    Bus(Events events, String name, BusOptions options) {
        this.events = events;
        this.name = name;
        this.options = options;
        this.history = options.historySize() == 0 ? null : new EventHistory(options, events.ticker);
    }

    void pause(boolean pausing) {
        List<QueuedSubscription> _ = lock.locked(() -> {
            paused = pausing;
            subscriptions.values().forEach(subscription -> subscription.queue.pause(pausing));
            return List.of();
        });
    }

    /** Returns past events, oldest first; none if the bus keeps no history. */
    List<Event<?>> history(TopicFilter<?> filter) {
        return history == null ? List.of() : history.find(filter);
    }

    BusSnapshot snapshot() {
        boolean held = lock.locked(() -> paused);
        List<SubscriptionSnapshot> accounts =
                subscriptions().stream().map(QueuedSubscription::snapshot).toList();
        List<TopicSnapshot> topics = channels.values().stream()
                .map(TopicChannel::snapshot)
                .sorted(Comparator.comparing(TopicSnapshot::type))
                .toList();
        return new BusSnapshot(name, held, topics, accounts, refused.sum());
    }

    /** Returns the channel of a topic; null if there are too many already. */
    @Nullable
    TopicChannel channel(Topic<?> topic) {
        TopicChannel known = channels.get(topic.type());
        if (known == null) {
            known = lock.locked(() -> open(topic));
        }
        if (known != null && known.topic.payload() != topic.payload()) {
            throw new IllegalArgumentException("topic " + topic + ": payload "
                    + topic.payload().getName() + "; the bus knows it with "
                    + known.topic.payload().getName());
        }
        return known;
    }

    /** Returns the topic of that type if it was published or subscribed to. */
    Optional<Topic<?>> topic(String type) {
        return Optional.ofNullable(channels.get(type)).map(channel -> channel.topic);
    }

    // Guarded by lock.
    private @Nullable TopicChannel open(Topic<?> topic) {
        TopicChannel known = channels.get(topic.type());
        if (known != null || channels.size() >= MOST_TOPICS) {
            return known;
        }
        TopicChannel opened = new TopicChannel(topic, events, history);
        for (QueuedSubscription subscription : subscriptions.values()) {
            if (!subscription.isDetached) {
                opened.add(subscription);
            }
        }
        if (closed) {
            opened.close();
        }
        channels.put(topic.type(), opened);
        return opened;
    }

    /** Subscribes a handler, which reads from the events only their payloads or everything. */
    Subscription subscribe(
            TopicFilter<?> filter,
            EventHandler<Event<?>> handler,
            boolean receivesEvents,
            UnaryOperator<SubscriptionOptions> changes) {
        SubscriptionOptions wanted = changes.apply(new SubscriptionOptions(options.queueSize(), options.overflow()));
        if (changes instanceof PluginOwned owned) {
            wanted.plugin = owned.plugin();
            wanted.onEnd = owned::ended;
        }
        Topic<?> topic = filter.topic();
        if (topic != null && channel(topic) == null) {
            throw new IllegalStateException(
                    "subscribe to " + filter + ": the bus has " + MOST_TOPICS + " topics; no more are allowed");
        }
        QueuedSubscription subscription = lock.locked(() -> {
            if (closed) {
                throw new IllegalStateException("subscribe to " + filter + ": the bus is closed");
            }
            String free = freeName(wanted.name.isEmpty() ? filter.types() : wanted.name);
            QueuedSubscription fresh =
                    new QueuedSubscription(this, free, filter, handler, receivesEvents, wanted, paused);
            subscriptions.put(free, fresh);
            channels.values().forEach(channel -> channel.add(fresh));
            return fresh;
        });
        subscription.start();
        events.watchHandlers();
        return subscription;
    }

    /** Returns the subscriptions whose workers have not ended. */
    List<QueuedSubscription> subscriptions() {
        return lock.locked(() -> List.copyOf(subscriptions.values()));
    }

    // Guarded by lock.
    private String freeName(String wanted) {
        String free = wanted;
        while (subscriptions.containsKey(free)) {
            free = wanted + "-" + suffixes.merge(wanted, 2, (last, _) -> last + 1);
        }
        return free;
    }

    /** Sends no further events to a subscription, on no topic; it stays known until its workers have ended. */
    void detach(QueuedSubscription subscription) {
        QueuedSubscription _ = lock.locked(() -> {
            subscription.isDetached = true;
            channels.values().forEach(channel -> channel.remove(subscription));
            return subscription;
        });
    }

    void remove(QueuedSubscription subscription) {
        boolean _ = lock.locked(() -> subscriptions.remove(subscription.name(), subscription));
    }

    /** Accepts no more events and subscriptions; returns the subscriptions that remain. */
    List<QueuedSubscription> shut() {
        return lock.locked(() -> {
            closed = true;
            channels.values().forEach(TopicChannel::close);
            return List.copyOf(subscriptions.values());
        });
    }

    ReplayResult redeliver(DeadLetter letter) {
        QueuedSubscription subscription = lock.locked(() -> subscriptions.get(letter.subscription()));
        if (subscription == null) {
            return new ReplayResult.NoSubscriber(letter);
        }
        DropReason reason = subscription.enqueue(letter.event(), true);
        return reason == null ? new ReplayResult.Replayed(letter) : new ReplayResult.Refused(letter, reason);
    }
}
