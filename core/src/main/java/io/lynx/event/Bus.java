package io.lynx.event;

import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One of the buses of an {@link Events}: its topics, its subscriptions and its history. Thread-safe. Its lock guards which
 * subscription receives what; no event is published or handled while it is held.
 */
public final class Bus {
    /** Largest number of topics of a bus: types are names in a program, not values in its data. */
    static final int MOST_TOPICS = 4096;

    /** Counts events of topics beyond {@link #MOST_TOPICS}. */
    final LongAdder refused = new LongAdder();

    private final Events events;
    private final String name;
    private final BusOptions options;
    private final @Nullable EventHistory history;
    private final Map<String, TopicChannel> channels = new ConcurrentHashMap<>();
    private final BargingLock lock = new BargingLock();

    // Guarded by lock.
    private final Map<String, QueuedSubscription> subscriptions = new LinkedHashMap<>();

    // Guarded by lock.
    private final Map<String, Integer> suffixes = new HashMap<>();

    // Guarded by lock.
    private boolean paused;

    // Guarded by lock.
    private boolean closed;

    Bus(Events events, String name, BusOptions options) {
        this.events = events;
        this.name = name;
        this.options = options;
        this.history = options.historySize() == 0
                ? null
                : new EventHistory(options.historySize(), options.historyAge(), events.ticker);
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns the defaults of its subscriptions, and the size of its history. */
    public BusOptions options() {
        return options;
    }

    /**
     * Stops the delivery of events: handlers finish the events they have, publishers fill the queues, and what finds no room is
     * dropped as each subscription's overflow policy says. Idempotent.
     */
    public void pause() {
        locked(() -> {
            paused = true;
            subscriptions.values().forEach(subscription -> subscription.queue.pause());
            return paused;
        });
    }

    /** Resumes the delivery of events, in the order of publishing. Idempotent. */
    public void resume() {
        locked(() -> {
            paused = false;
            subscriptions.values().forEach(subscription -> subscription.queue.resume());
            return paused;
        });
    }

    /** Returns past events, oldest first; none if the bus keeps no history. */
    public List<Event<?>> history(HistoryQuery query) {
        TopicFilter<?> types = TopicFilter.matching(name, query.types());
        return history == null ? List.of() : history.find(query, types);
    }

    /** Returns the subscription of that name. */
    public Optional<Subscription> subscription(String subscription) {
        return Optional.ofNullable(locked(() -> subscriptions.get(subscription)));
    }

    /** Returns the account of its topics and subscriptions. */
    public BusSnapshot snapshot() {
        boolean held = locked(() -> paused);
        List<SubscriptionSnapshot> accounts =
                present().stream().map(QueuedSubscription::snapshot).toList();
        List<TopicSnapshot> topics = channels.values().stream()
                .map(TopicChannel::snapshot)
                .sorted(Comparator.comparing(TopicSnapshot::type))
                .toList();
        return new BusSnapshot(name, held, topics, accounts, refused.sum());
    }

    private List<QueuedSubscription> present() {
        return locked(() -> List.copyOf(subscriptions.values()));
    }

    private <T extends @Nullable Object> T locked(Supplier<T> section) {
        lock.lock();
        try {
            return section.get();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the channel of a topic; null if there are too many already. */
    @Nullable
    TopicChannel channel(Topic<?> topic) {
        TopicChannel known = channels.get(topic.type());
        if (known == null) {
            known = locked(() -> open(topic));
        }
        if (known != null && known.topic.payload() != topic.payload()) {
            throw new IllegalArgumentException("topic " + topic + ": payload "
                    + topic.payload().getName() + "; the bus knows it with "
                    + known.topic.payload().getName());
        }
        return known;
    }

    // Guarded by lock.
    private @Nullable TopicChannel open(Topic<?> topic) {
        TopicChannel known = channels.get(topic.type());
        if (known != null || channels.size() >= MOST_TOPICS) {
            return known;
        }
        TopicChannel opened = new TopicChannel(topic, events, history);
        subscriptions.values().forEach(opened::add);
        if (closed) {
            opened.close();
        }
        channels.put(topic.type(), opened);
        return opened;
    }

    Subscription subscribe(
            TopicFilter<?> filter, EventHandler<Event<?>> handler, UnaryOperator<SubscriptionOptions> changes) {
        SubscriptionOptions wanted = changes.apply(SubscriptionOptions.of(options.queueSize(), options.overflow()));
        Topic<?> topic = filter.topic();
        if (topic != null && channel(topic) == null) {
            throw new IllegalStateException(
                    "subscribe to " + filter + ": the bus has " + MOST_TOPICS + " topics; no more are allowed");
        }
        QueuedSubscription subscription = locked(() -> {
            if (closed) {
                throw new IllegalStateException("subscribe to " + filter + ": the bus is closed");
            }
            String free = freeName(wanted.name().isEmpty() ? filter.types() : wanted.name());
            QueuedSubscription fresh = new QueuedSubscription(this, free, filter, handler, wanted, paused);
            subscriptions.put(free, fresh);
            channels.values().forEach(channel -> channel.add(fresh));
            return fresh;
        });
        subscription.start();
        return subscription;
    }

    // Guarded by lock.
    private String freeName(String wanted) {
        String free = wanted;
        while (subscriptions.containsKey(free)) {
            free = wanted + "-" + suffixes.merge(wanted, 2, (last, _) -> last + 1);
        }
        return free;
    }

    /** Sends no further events to a subscription; it stays known until its workers have ended. */
    void detach(QueuedSubscription subscription) {
        locked(() -> {
            channels.values().forEach(channel -> channel.remove(subscription));
            return subscription;
        });
    }

    void remove(QueuedSubscription subscription) {
        locked(() -> subscriptions.remove(subscription.name(), subscription));
    }

    /** Accepts no more events and subscriptions; returns the subscriptions that remain. */
    List<QueuedSubscription> shut() {
        return locked(() -> {
            closed = true;
            channels.values().forEach(TopicChannel::close);
            return List.copyOf(subscriptions.values());
        });
    }

    ReplayResult redeliver(DeadLetter letter) {
        QueuedSubscription subscription = locked(() -> subscriptions.get(letter.subscription()));
        if (subscription == null) {
            return new ReplayResult.NoSubscriber(letter);
        }
        DropReason reason = subscription.enqueue(letter.event(), true);
        return reason == null ? new ReplayResult.Replayed(letter) : new ReplayResult.Refused(letter, reason);
    }

    void deadLetter(Event<?> event, String subscription, int attempts, Throwable failure) {
        events.deadLetter(event, subscription, attempts, failure);
    }

    void observeProcessed(Event<?> event, String subscription) {
        events.observeProcessed(event, subscription);
    }

    Thread newThread(String subscription, Runnable work) {
        return events.newThread("lynx-" + name + "-" + subscription, work);
    }

    Ticker ticker() {
        return events.ticker;
    }

    Scheduler scheduler() {
        return events.scheduler;
    }

    RandomGenerator random() {
        return events.random;
    }
}
