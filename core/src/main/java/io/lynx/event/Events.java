package io.lynx.event;

import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event buses of an application: publish, subscribe, and an account of what became of every event. In memory, at
 * most once. Thread-safe; publishing from a handler, to its own topic too, and subscribing or closing from one are
 * allowed.
 *
 * <p>A bus comes into being when it is first named. Publishing finds the topic's channel in a small table by the
 * topic's hash, where each topic displaces another at most; a miss costs two map look-ups.
 */
public final class Events implements EventBuses, AutoCloseable {
    /** How many buses there may be: their names are in a program, not in its data. */
    static final int MOST_BUSES = 256;

    private static final Logger log = LoggerFactory.getLogger(Events.class);
    private static final PublishResult REFUSED = new PublishResult.Dropped(DropReason.TOO_MANY_TOPICS, 0);
    private static final int CACHE = 512;
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

    private final AtomicReferenceArray<@Nullable TopicChannel> cache = new AtomicReferenceArray<>(CACHE);
    private final Map<String, Bus> buses = new ConcurrentHashMap<>();
    private final Map<String, BusOptions> options;
    private final BusOptions defaults;
    private final EventClock clock;
    private final Scheduler scheduler;
    private final Runnable release;
    private final ThreadFactory threads;
    private final RandomGenerator random;
    private final @Nullable EventObserver observer;
    private final DeadLetters deadLetters;
    private final String instance;
    // Events for a bus that was one too many; each bus counts those of its topics that were.
    private final LongAdder refused = new LongAdder();
    private volatile boolean closed;

    Events(EventsBuilder builder, Scheduler scheduler, Runnable release) {
        this.options = Map.copyOf(builder.buses);
        this.defaults = builder.defaults;
        this.clock = new EventClock(builder.ticker, builder.wallClock);
        this.scheduler = scheduler;
        this.release = release;
        this.threads = builder.threads;
        this.random = builder.random;
        this.observer = builder.observer;
        this.deadLetters = new DeadLetters(
                builder.deadLetters, letter -> bus(letter.event().bus()).redeliver(letter));
        this.instance = Long.toHexString(random.nextLong());
        // Known from the start, so that nobody else can give it another payload and have failures fail.
        resolve(LynxTopics.ERROR);
    }

    /** A builder with the defaults. */
    public static EventsBuilder builder() {
        return new EventsBuilder();
    }

    @Override
    public <T> PublishResult publish(Topic<T> topic, T payload) {
        return publish(topic, payload, EventHeaders.NONE, true);
    }

    @Override
    public <T> PublishResult publish(Topic<T> topic, T payload, EventHeaders headers) {
        return publish(topic, payload, headers, true);
    }

    @Override
    public <T> PublishResult offer(Topic<T> topic, T payload, EventHeaders headers) {
        return publish(topic, payload, headers, false);
    }

    private PublishResult publish(Topic<?> topic, Object payload, EventHeaders headers, boolean mayWait) {
        TopicChannel channel = cache.get(topic.hashCode() & (CACHE - 1));
        if (channel == null || !topic.equals(channel.topic)) {
            channel = resolve(topic);
            if (channel == null) {
                return REFUSED;
            }
        }
        if (payload == null || !fits(topic.payload(), payload)) {
            throw unfit(topic, payload);
        }
        return channel.publish(payload, headers, mayWait);
    }

    private static boolean fits(Class<?> required, Object payload) {
        return payload.getClass() == required || required.isInstance(payload);
    }

    private static RuntimeException unfit(Topic<?> topic, @Nullable Object payload) {
        return payload == null
                ? new NullPointerException(
                        "payload of " + topic + ": null; a " + topic.payload().getName() + " is required")
                : new IllegalArgumentException(
                        "payload of " + topic + ": a " + payload.getClass().getName() + "; a "
                                + topic.payload().getName() + " is required");
    }

    private @Nullable TopicChannel resolve(Topic<?> topic) {
        Bus bus = findOrOpen(topic.bus());
        if (bus == null) {
            refused.increment();
            return null;
        }
        TopicChannel channel = bus.channel(topic);
        if (channel == null) {
            bus.refused.increment();
            return null;
        }
        cache.set(topic.hashCode() & (CACHE - 1), channel);
        return channel;
    }

    @Override
    public <T> Subscription subscribe(
            Topic<T> topic, EventHandler<? super T> handler, UnaryOperator<SubscriptionOptions> as) {
        return subscribe(TopicFilter.topic(topic), event -> handler.handle(event.payload()), as);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribe(
            TopicFilter<T> filter,
            EventHandler<? super Event<? extends T>> handler,
            UnaryOperator<SubscriptionOptions> as) {
        // Every payload that the filter lets through is a T: its topic's class says so, and publish checks it.
        EventHandler<Event<?>> any = event -> handler.handle((Event<? extends T>) event);
        return bus(filter.bus()).subscribe(filter, any, as);
    }

    /**
     * The bus of that name.
     *
     * @throws IllegalArgumentException if it is not a name for a bus
     * @throws IllegalStateException if it is a new one and there are {@value #MOST_BUSES} already
     */
    public Bus bus(String name) {
        Bus bus = findOrOpen(Topic.checkBus(name));
        if (bus == null) {
            throw new IllegalStateException(
                    "event bus '" + name + "': there are " + MOST_BUSES + " already; no more are allowed");
        }
        return bus;
    }

    private @Nullable Bus findOrOpen(String name) {
        Bus known = buses.get(name);
        if (known != null) {
            return known;
        }
        if (buses.size() >= MOST_BUSES) {
            return null;
        }
        Bus opened = buses.computeIfAbsent(name, fresh -> new Bus(this, fresh, options.getOrDefault(fresh, defaults)));
        if (closed) {
            opened.shut();
        }
        return opened;
    }

    /** The events that subscribers could not handle. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /**
     * The account of all buses. For metrics: it reads counters that are kept anyway, takes each bus' lock for as long as
     * copying a list of its subscriptions takes, and costs publishers and handlers nothing. It holds at most
     * {@value #MOST_BUSES} buses with {@value Bus#MOST_TOPICS} topics each, whatever is published.
     */
    public EventsSnapshot snapshot() {
        List<BusSnapshot> all = buses.values().stream()
                .sorted(Comparator.comparing(Bus::name))
                .map(Bus::snapshot)
                .toList();
        long ofBuses = all.stream().mapToLong(BusSnapshot::refused).sum();
        return new EventsSnapshot(all, deadLetters.size(), deadLetters.pushedOut(), refused.sum() + ofBuses);
    }

    /** Closes everything in order, each bus within its drain timeout. */
    @Override
    public void close() {
        close(Deadline.after(LONGEST_DRAIN, clock.ticker));
    }

    /**
     * Closes everything in order, each bus by the deadline or its own drain timeout, whichever is earlier: takes no event and no subscriber any more, hands over what is queued, and at the
     * deadline interrupts the handlers that are still busy and drops the rest. What a paused bus holds is not handed
     * over. Called from inside a handler, it does not wait for that one. Idempotent: a second call finds nothing left.
     *
     * @return what was not handed over; it is logged too
     */
    public EventsCloseReport close(Deadline deadline) {
        long start = clock.ticker.nanos();
        closed = true;
        List<QueuedSubscription> last = new ArrayList<>();
        buses.values().forEach(bus -> last.addAll(bus.shut()));
        last.forEach(QueuedSubscription::beginClose);
        Map<String, Deadline> deadlines = new HashMap<>();
        buses.values()
                .forEach(bus ->
                        deadlines.put(bus.name(), deadline.atMost(bus.options().drainTimeout())));
        last.forEach(subscription -> subscription.await(deadlines.getOrDefault(subscription.bus.name(), deadline)));
        List<Undelivered> undelivered = last.stream()
                .map(subscription -> subscription.finishClose(true))
                .filter(left -> !left.isEmpty())
                .toList();
        release.run();
        EventsCloseReport report = new EventsCloseReport(Duration.ofNanos(clock.ticker.nanos() - start), undelivered);
        for (Undelivered left : undelivered) {
            log.atWarn()
                    .addKeyValue("subscription", left.subscription())
                    .addKeyValue("queued", left.queued().size())
                    .addKeyValue("inHand", left.inHand().size())
                    .log("Events stay undelivered at close");
        }
        return report;
    }

    void bury(Event<?> event, String subscription, int attempts, Throwable failure) {
        DeadLetter letter =
                deadLetters.add(id -> new DeadLetter(id, event, subscription, attempts, failure, clock.now()));
        observing(watcher -> watcher.deadLettered(letter));
        if (Long.bitCount(letter.id()) == 1) {
            log.atWarn()
                    .addKeyValue("event", event)
                    .addKeyValue("subscription", subscription)
                    .addKeyValue("attempts", attempts)
                    .addKeyValue("deadLetter", letter.id())
                    .setCause(failure)
                    .log("An event could not be handled (reported for the 1st, 2nd, 4th, 8th … of them)");
        }
        // A handler of failures that fails would otherwise be told of its own failure, for ever.
        if (!(event.payload() instanceof ErrorEvent)) {
            offer(LynxTopics.ERROR, ErrorEvent.DeliveryFailed.of(letter), EventHeaders.NONE.source("events"));
        }
    }

    void observeProcessed(Event<?> event, String subscription) {
        EventObserver watcher = observer;
        if (watcher != null) {
            try {
                watcher.processed(event, subscription, clock.ticker.nanos() - event.nanos);
            } catch (RuntimeException | LinkageError | AssertionError failure) {
                observerFailed(failure);
            }
        }
    }

    void observing(Consumer<EventObserver> notice) {
        EventObserver watcher = observer;
        if (watcher != null) {
            try {
                notice.accept(watcher);
            } catch (RuntimeException | LinkageError | AssertionError failure) {
                observerFailed(failure);
            }
        }
    }

    private static void observerFailed(Throwable failure) {
        log.atWarn().setCause(failure).log("The observer of events failed");
    }

    String idPrefix(String bus, long channel) {
        return instance + "-" + bus + "-" + Long.toHexString(channel) + "-";
    }

    Thread newThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName(name);
        return thread;
    }

    EventClock clock() {
        return clock;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    RandomGenerator random() {
        return random;
    }
}
