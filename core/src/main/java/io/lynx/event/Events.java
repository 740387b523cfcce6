package io.lynx.event;

import io.lynx.extension.UserCode;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event buses of an application: publish, subscribe, and an account of every event. In memory, at most once. Thread-safe;
 * handlers may publish, to their own topic too, subscribe, and close subscriptions. A bus exists from the first time it is named.
 *
 * <p>Publishing finds the channel in a small table by the topic's hash, where each topic displaces another at most; a miss costs
 * two map look-ups.
 */
public final class Events implements EventBuses, AutoCloseable {
    /**
     * The topic of dead letters: events that a subscriber failed to handle permanently. A handler of this topic that fails causes
     * no further event; its failure is a dead letter and a log line.
     */
    public static final Topic<DeadLetter> DEAD_LETTERED = Topic.of("system", "event.dead_lettered", DeadLetter.class);

    /** Largest number of buses: their names are in a program, not in its data. */
    static final int MOST_BUSES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final PublishResult REFUSED = new PublishResult.Dropped(DropReason.TOO_MANY_TOPICS, 0);
    private static final int CACHE = 512;
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

    final Ticker ticker;
    final Scheduler scheduler;
    final RandomGenerator random;

    private final AtomicReferenceArray<@Nullable TopicChannel> cache = new AtomicReferenceArray<>(CACHE);
    private final Map<String, Bus> buses = new ConcurrentHashMap<>();
    private final Function<String, BusOptions> options;
    private final InstantSource wallClock;
    private final Runnable release;
    private final ThreadFactory threads;
    private final @Nullable EventObserver observer;
    private final DeadLetters deadLetters;
    private final String idPrefix;
    private final AtomicLong lastId = new AtomicLong();
    // Events for a bus beyond the limit; each bus counts those of its topics beyond its own.
    private final LongAdder refused = new LongAdder();
    private volatile boolean closed;

    Events(EventsBuilder builder, Scheduler scheduler, Runnable release) {
        this.release = release;
        this.options = builder.options();
        this.ticker = builder.ticker;
        this.wallClock = builder.wallClock;
        this.scheduler = scheduler;
        this.threads = builder.threads;
        this.random = builder.random;
        this.observer = builder.observer;
        this.deadLetters = new DeadLetters(
                builder.deadLetters, letter -> bus(letter.event().bus()).redeliver(letter));
        this.idPrefix = Long.toHexString(random.nextLong()) + "-";
        // Known from the start, so that nothing else gives it another class of payload.
        TopicChannel _ = resolve(DEAD_LETTERED);
    }

    /** Returns a builder with the defaults. */
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
        topic.check(payload);
        return channel.publish(payload, headers, mayWait);
    }

    private @Nullable TopicChannel resolve(Topic<?> topic) {
        Bus bus = findOrOpen(topic.bus());
        TopicChannel channel = bus == null ? null : bus.channel(topic);
        if (channel == null) {
            (bus == null ? refused : bus.refused).increment();
        } else {
            cache.set(topic.hashCode() & (CACHE - 1), channel);
        }
        return channel;
    }

    @Override
    public <T> Subscription subscribe(
            Topic<T> topic, EventHandler<? super T> handler, UnaryOperator<SubscriptionOptions> changes) {
        return subscribe(TopicFilter.topic(topic), event -> handler.handle(event.payload()), changes);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribe(
            TopicFilter<T> filter,
            EventHandler<? super Event<? extends T>> handler,
            UnaryOperator<SubscriptionOptions> changes) {
        // Every payload that the filter matches is a T: its topic's class says so, and publishing checks it.
        EventHandler<Event<?>> any = event -> handler.handle((Event<? extends T>) event);
        return bus(filter.bus()).subscribe(filter, any, changes);
    }

    /**
     * Returns the bus of that name.
     *
     * @throws IllegalArgumentException if it is not the name of a bus
     * @throws IllegalStateException if it is a new bus and there are {@value #MOST_BUSES} already
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
        if (known != null || buses.size() >= MOST_BUSES) {
            return known;
        }
        Bus opened = buses.computeIfAbsent(name, fresh -> new Bus(this, fresh, options.apply(fresh)));
        if (closed) {
            List<QueuedSubscription> _ = opened.shut();
        }
        return opened;
    }

    /** Returns the events that their subscriptions failed to handle. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Returns the account of all buses. It reads counters that are kept anyway and does not delay publishers. */
    public EventsSnapshot snapshot() {
        List<BusSnapshot> all = buses.values().stream()
                .sorted(Comparator.comparing(Bus::name))
                .map(Bus::snapshot)
                .toList();
        long ofBuses = all.stream().mapToLong(BusSnapshot::refused).sum();
        return new EventsSnapshot(all, deadLetters.size(), deadLetters.pushedOut(), refused.sum() + ofBuses);
    }

    /** Closes the buses, each within its drain timeout. */
    @Override
    public void close() {
        EventsCloseReport _ = close(Deadline.after(LONGEST_DRAIN, ticker));
    }

    /**
     * Closes the buses, each by the deadline or its own drain timeout, whichever is earlier: accepts no further events and
     * subscriptions, delivers what is queued, and at the deadline interrupts the handlers that are still busy and drops the rest.
     * What a paused bus holds is not delivered. Called from inside a handler, it does not wait for that handler. Idempotent: a
     * second call finds nothing left. The calling thread does the waiting.
     *
     * @return what was not delivered; it is logged too
     */
    public EventsCloseReport close(Deadline deadline) {
        long start = ticker.nanos();
        closed = true;
        List<QueuedSubscription> last = new ArrayList<>();
        buses.values().forEach(bus -> last.addAll(bus.shut()));
        last.forEach(QueuedSubscription::beginClose);
        Map<Bus, Deadline> deadlines = new HashMap<>();
        last.forEach(subscription -> subscription.await(deadlines.computeIfAbsent(
                subscription.bus, bus -> deadline.atMost(bus.options().drainTimeout()))));
        List<Undelivered> undelivered = last.stream()
                .map(subscription -> subscription.finishClose(true))
                .filter(left -> !left.isEmpty())
                .toList();
        release.run();
        undelivered.forEach(Undelivered::log);
        return new EventsCloseReport(Duration.ofNanos(ticker.nanos() - start), undelivered);
    }

    void deadLetter(Event<?> event, String subscription, int attempts, Throwable failure) {
        DeadLetter letter =
                deadLetters.add(id -> new DeadLetter(id, event, subscription, attempts, failure, wallClock.instant()));
        observing(watcher -> watcher.deadLettered(letter));
        if (Long.bitCount(letter.id()) == 1) {
            LOG.atWarn()
                    .addKeyValue("event", event)
                    .addKeyValue("subscription", subscription)
                    .addKeyValue("attempts", attempts)
                    .addKeyValue("deadLetter", letter.id())
                    .addKeyValue("failure", letter.message())
                    .log("Handler failed and its event became a dead letter (logged for the 1st, 2nd, 4th, 8th … of"
                            + " them)");
        }
        // Otherwise a handler of dead letters that fails would receive its own failure, without end.
        if (!(event.payload() instanceof DeadLetter)) {
            PublishResult _ = offer(DEAD_LETTERED, letter, EventHeaders.NONE.withSource("events"));
        }
    }

    void observeProcessed(Event<?> event, String subscription) {
        if (observer != null) {
            observing(watcher -> watcher.processed(event, subscription, ticker.nanos() - event.nanos));
        }
    }

    private void observing(Consumer<EventObserver> notice) {
        EventObserver watcher = observer;
        if (watcher != null) {
            boolean _ = UserCode.run(() -> notice.accept(watcher), failure -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log("Observer of events failed; the event is not affected"));
        }
    }

    String nextEventId() {
        return idPrefix + Long.toHexString(lastId.incrementAndGet());
    }

    Instant wallTimeOf(long nanos) {
        return wallClock.instant().minusNanos(ticker.nanos() - nanos);
    }

    Thread newThread(String name, Runnable work) {
        Thread thread = threads.newThread(work);
        thread.setName(name);
        return thread;
    }
}
