package io.lynx.event;

import io.lynx.time.Scheduler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One of the buses of an {@link Events}: its topics, its subscriptions and its past. Thread-safe. Its lock guards who
 * subscribes to what, and is never held while an event is published or handled.
 */
public final class Bus {
    /** How many topics a bus may have: types are names in a program, not values in its data. */
    static final int MOST_TOPICS = 4096;

    /** Events of topics that were one too many. */
    final LongAdder refused = new LongAdder();

    private final Events events;
    private final String name;
    private final BusOptions options;
    private final @Nullable EventHistory history;
    private final Map<String, TopicChannel> channels = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock, as are the targets of the channels.
    private final List<QueuedSubscription> subscriptions = new ArrayList<>();
    private long lastChannel;
    private boolean paused;
    private boolean closed;

    Bus(Events events, String name, BusOptions options) {
        this.events = events;
        this.name = name;
        this.options = options;
        this.history = options.historySize() == 0
                ? null
                : new EventHistory(options.historySize(), options.historyAge(), events.clock().ticker);
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What its subscriptions start out with, and what it remembers. */
    public BusOptions options() {
        return options;
    }

    /**
     * Holds events back: handlers finish what they have in hand and get nothing more, publishers fill the queues, and
     * what finds no room there is treated as each subscription says. Idempotent.
     */
    public void pause() {
        lock.lock();
        try {
            paused = true;
            subscriptions.forEach(QueuedSubscription::pause);
        } finally {
            lock.unlock();
        }
    }

    /** Hands over what was held back, in its order, and what comes. Idempotent. */
    public void resume() {
        lock.lock();
        try {
            paused = false;
            subscriptions.forEach(QueuedSubscription::resume);
        } finally {
            lock.unlock();
        }
    }

    /** Past events, oldest first; none if the bus keeps no history. */
    public List<Event<?>> history(HistoryQuery query) {
        TopicFilter<Object> filter = TopicFilter.matching(name, query.types());
        return history == null ? List.of() : history.query(query, filter);
    }

    /** The subscription of that name. */
    public Optional<Subscription> subscription(String subscription) {
        return Optional.ofNullable(find(subscription));
    }

    /** What is going on. */
    public BusSnapshot snapshot() {
        List<QueuedSubscription> present;
        boolean held;
        lock.lock();
        try {
            present = List.copyOf(subscriptions);
            held = paused;
        } finally {
            lock.unlock();
        }
        List<TopicSnapshot> topics = channels.values().stream()
                .map(TopicChannel::snapshot)
                .sorted(Comparator.comparing(TopicSnapshot::type))
                .toList();
        return new BusSnapshot(
                name,
                held,
                topics,
                present.stream().map(QueuedSubscription::snapshot).toList(),
                refused.sum());
    }

    /** The channel of a topic; null if there are too many already. */
    @Nullable
    TopicChannel channel(Topic<?> topic) {
        TopicChannel known = channels.get(topic.type());
        if (known == null) {
            lock.lock();
            try {
                known = channels.get(topic.type());
                if (known == null) {
                    return open(topic);
                }
            } finally {
                lock.unlock();
            }
        }
        if (known.topic.payload() != topic.payload()) {
            throw new IllegalArgumentException("topic " + topic + ": payload "
                    + topic.payload().getName() + "; the bus knows it with "
                    + known.topic.payload().getName());
        }
        return known;
    }

    private @Nullable TopicChannel open(Topic<?> topic) {
        if (channels.size() >= MOST_TOPICS) {
            return null;
        }
        TopicChannel channel = new TopicChannel(topic, events.idPrefix(name, ++lastChannel), history, events.clock());
        aim(channel);
        channels.put(topic.type(), channel);
        return channel;
    }

    Subscription subscribe(
            TopicFilter<?> filter, EventHandler<Event<?>> handler, UnaryOperator<SubscriptionOptions> asked) {
        SubscriptionOptions wanted = asked.apply(SubscriptionOptions.of(options.queueSize(), options.overflow()));
        Topic<?> topic = filter.topic();
        if (topic != null && channel(topic) == null) {
            throw new IllegalStateException(
                    "subscribe to " + filter + ": the bus has " + MOST_TOPICS + " topics; no more are allowed");
        }
        QueuedSubscription subscription;
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("subscribe to " + filter + ": the bus is closed");
            }
            SubscriptionOptions named = wanted.name(freeName(wanted.name().isEmpty() ? filter.types() : wanted.name()));
            subscription = new QueuedSubscription(this, filter, handler, named, paused);
            subscriptions.add(subscription);
            channels.values().forEach(this::aim);
        } finally {
            lock.unlock();
        }
        subscription.start();
        return subscription;
    }

    private String freeName(String wanted) {
        String free = wanted;
        for (int i = 2; find(free) != null; i++) {
            free = wanted + "-" + i;
        }
        return free;
    }

    void remove(QueuedSubscription subscription) {
        lock.lock();
        try {
            if (subscriptions.remove(subscription)) {
                channels.values().forEach(this::aim);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more events and no more subscribers; returns the subscriptions there were. */
    List<QueuedSubscription> shut() {
        lock.lock();
        try {
            closed = true;
            List<QueuedSubscription> last = List.copyOf(subscriptions);
            subscriptions.clear();
            channels.values().forEach(this::aim);
            return last;
        } finally {
            lock.unlock();
        }
    }

    private void aim(TopicChannel channel) {
        channel.targets(
                closed
                        ? null
                        : subscriptions.stream()
                                .filter(subscription -> subscription.filter().matches(channel.topic.type()))
                                .toArray(QueuedSubscription[]::new));
    }

    ReplayResult redeliver(DeadLetter letter) {
        QueuedSubscription subscription = find(letter.subscription());
        if (subscription == null) {
            return new ReplayResult.NoSubscriber(letter);
        }
        DropReason reason = subscription.enqueue(letter.event(), true);
        return reason == null ? new ReplayResult.Replayed(letter) : new ReplayResult.Refused(letter, reason);
    }

    private @Nullable QueuedSubscription find(String subscription) {
        lock.lock();
        try {
            return subscriptions.stream()
                    .filter(candidate -> candidate.name().equals(subscription))
                    .findFirst()
                    .orElse(null);
        } finally {
            lock.unlock();
        }
    }

    void bury(Event<?> event, String subscription, int attempts, Throwable failure) {
        events.bury(event, subscription, attempts, failure);
    }

    void observing(Consumer<EventObserver> notice) {
        events.observing(notice);
    }

    void observeProcessed(Event<?> event, String subscription) {
        events.observeProcessed(event, subscription);
    }

    Thread newThread(String subscription, Runnable work) {
        return events.newThread("lynx-" + name + "-" + subscription, work);
    }

    EventClock clock() {
        return events.clock();
    }

    Scheduler scheduler() {
        return events.scheduler();
    }

    RandomGenerator random() {
        return events.random();
    }
}
