package io.lynx.event;

import io.lynx.context.Tracing;
import io.lynx.event.DeadLetters.DeadLetter;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventsSnapshot.BusSnapshot;
import io.lynx.event.PublishResult.DropReason;
import io.lynx.event.Subscription.SubscriptionOptions;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.extension.ExtensionPoint;
import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

    private static final PublishResult REFUSED = new PublishResult.Dropped(DropReason.TOO_MANY_TOPICS, 0);
    private static final int CACHE = 512;
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

    final Ticker ticker;
    final Scheduler scheduler;
    final RandomGenerator random;
    final ThreadFactory threads;
    final InstantSource wallClock;
    final @Nullable EventObserver observer;
    final @Nullable Tracing tracing;

    private final AtomicReferenceArray<@Nullable TopicChannel> cache = new AtomicReferenceArray<>(CACHE);
    private final OpenBuses buses;
    private final DeadLetters deadLetters;
    private final DurableStores durable = new DurableStores();
    private final @Nullable SystemScheduler ownScheduler;
    /** Null for buses with a timer of their own, whose thread would then exist for this alone. */
    private final @Nullable HandlerWatch watch;

    private final String idPrefix;
    private final AtomicLong lastId = new AtomicLong();
    // Events for a bus beyond the limit; each bus counts those of its topics beyond its own.
    private final LongAdder refused = new LongAdder();

    Events(EventsBuilder builder) {
        this.buses = new OpenBuses(this, builder);
        this.ticker = builder.ticker;
        this.wallClock = builder.wallClock;
        if (builder.scheduler == null) {
            SystemScheduler own = new SystemScheduler("lynx-events-timer", Runnable::run);
            this.ownScheduler = own;
            this.scheduler = own;
            this.watch = null;
        } else {
            this.ownScheduler = null;
            this.scheduler = builder.scheduler;
            this.watch = new HandlerWatch(buses.all(), scheduler, ticker);
        }
        this.threads = builder.threads;
        this.random = builder.random;
        this.observer = builder.observer;
        this.tracing = builder.tracing;
        this.deadLetters = new DeadLetters(builder.deadLetters, this);
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
            if (topic.isDurable()) {
                return durable.write(topic, payload, headers);
            }
            channel = resolve(topic);
            if (channel == null) {
                return REFUSED;
            }
        }
        topic.check(payload);
        return channel.publish(payload, headers, mayWait);
    }

    private @Nullable TopicChannel resolve(Topic<?> topic) {
        Bus bus = buses.findOrOpen(topic.bus());
        TopicChannel channel = bus == null ? null : bus.channel(topic);
        if (channel == null) {
            (bus == null ? refused : bus.refused).increment();
        } else if (!channel.topic.isDurable()) {
            cache.set(topic.hashCode() & (CACHE - 1), channel);
        }
        return channel;
    }

    @Override
    public <T> void receive(Topic<T> topic, T payload, EventReceipt receipt) {
        topic.check(payload);
        TopicChannel channel = resolve(topic);
        if (channel == null) {
            receipt.refused(DropReason.TOO_MANY_TOPICS);
        } else {
            channel.receive(payload, receipt);
        }
    }

    @Override
    public Optional<Topic<?>> topic(String bus, String type) {
        Bus known = buses.find(bus);
        return known == null ? Optional.empty() : known.topic(type);
    }

    @Override
    public Registration durable(DurableEvents store) {
        return durable.add(store);
    }

    @Override
    public <T> Subscription subscribe(
            Topic<T> topic, EventHandler<? super T> handler, UnaryOperator<SubscriptionOptions> changes) {
        EventHandler<Event<?>> any = event -> handler.handle(topic.payload().cast(event.payload()));
        return bus(topic.bus()).subscribe(TopicFilter.topic(topic), any, false, changes);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribe(
            TopicFilter<T> filter,
            EventHandler<? super Event<? extends T>> handler,
            UnaryOperator<SubscriptionOptions> changes) {
        // Every payload that the filter matches is a T: its topic's class says so, and publishing checks it.
        EventHandler<Event<?>> any = event -> handler.handle((Event<? extends T>) event);
        return bus(filter.bus()).subscribe(filter, any, true, changes);
    }

    /**
     * Stops the delivery of a bus' events: handlers finish the events they have, publishers fill the queues, and what finds no room
     * is dropped as each subscription's overflow policy says. Idempotent.
     */
    public void pause(String bus) {
        bus(bus).pause(true);
    }

    /** Resumes the delivery of a bus' events, in the order of publishing. Idempotent. */
    public void resume(String bus) {
        bus(bus).pause(false);
    }

    /** Returns past events of the topics that a filter selects, oldest first; none if their bus keeps no history. */
    public List<Event<?>> history(TopicFilter<?> filter) {
        return bus(filter.bus()).history(filter);
    }

    Bus bus(String name) {
        return buses.require(name);
    }

    /** Returns the events that their subscriptions failed to handle. */
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Returns the account of all buses. It reads counters that are kept anyway and does not delay publishers. */
    public EventsSnapshot snapshot() {
        List<BusSnapshot> all = buses.all().stream()
                .map(Bus::snapshot)
                .sorted(Comparator.comparing(BusSnapshot::name))
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
        if (watch != null) {
            watch.stop();
        }
        List<Undelivered> undelivered = buses.close(deadline);
        if (ownScheduler != null) {
            ownScheduler.close();
        }
        undelivered.forEach(QueuedSubscription::log);
        return new EventsCloseReport(Duration.ofNanos(ticker.nanos() - start), undelivered);
    }

    /** Begins to name handlers that do not return, with the first subscription. */
    void watchHandlers() {
        if (watch != null) {
            watch.start();
        }
    }

    String nextEventId() {
        return idPrefix + Long.toHexString(lastId.incrementAndGet());
    }

    Instant wallTimeOf(long nanos) {
        Instant now = wallClock.instant();
        return nanos == Event.UNTIMED ? now : now.minusNanos(ticker.nanos() - nanos);
    }

    /**
     * The result of closing the buses. Immutable.
     *
     * @param took how long it took
     * @param undelivered the subscriptions that had events left; empty if all were delivered
     */
    public record EventsCloseReport(Duration took, List<Undelivered> undelivered) {}

    /** Receives the outcome of each delivery, for metrics. Counts need no observer: see {@link Events#snapshot}. */
    @ExtensionPoint(thread = "the subscription's thread", deadline = "none")
    public interface EventObserver {
        /**
         * A handler has processed an event.
         *
         * @param latencyNanos from the publishing of the event to the end of its handler
         */
        default void processed(Event<?> event, String subscription, long latencyNanos) {}

        /** An event has become a dead letter. */
        default void deadLettered(DeadLetter letter) {}
    }
}
