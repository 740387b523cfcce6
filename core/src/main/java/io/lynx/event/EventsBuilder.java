package io.lynx.event;

import io.lynx.context.Tracing;
import io.lynx.event.Events.EventObserver;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds {@link Events}. Not thread-safe. */
public final class EventsBuilder {
    final Map<String, BusOptions> buses = new HashMap<>();
    Ticker ticker = Ticker.system();
    InstantSource wallClock = InstantSource.system();
    ThreadFactory threads = Thread.ofVirtual().factory();
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    int deadLetters = 1000;

    @Nullable
    EventObserver observer;

    @Nullable
    EventsConfig config;

    @Nullable
    Scheduler scheduler;

    @Nullable
    Tracing tracing;

    EventsBuilder() {}

    /** Takes the options of the buses from the configuration. */
    public EventsBuilder configuration(EventsConfig section) {
        config = section;
        return this;
    }

    /**
     * Gives a bus a history, whatever the configuration says of it.
     *
     * @param size the number of past events to keep, 0 to 1,000,000
     * @param age how long to keep them at most; positive, at most 365 days
     */
    public EventsBuilder history(String bus, int size, Duration age) {
        return bus(bus, BusOptions.defaults().withHistory(size, age));
    }

    EventsBuilder bus(String name, BusOptions options) {
        buses.put(Topic.checkBus(name), options);
        return this;
    }

    /** Sets the monotonic clock for waits, redelivery pauses and latencies. */
    public EventsBuilder ticker(Ticker clock) {
        ticker = clock;
        return this;
    }

    /** Sets the clock of the timestamps. */
    public EventsBuilder wallClock(InstantSource clock) {
        wallClock = clock;
        return this;
    }

    /** Sets the scheduler that ends redelivery pauses; by default one is created and closed with the buses. */
    public EventsBuilder scheduler(Scheduler timer) {
        scheduler = timer;
        return this;
    }

    /** Sets the factory of the subscriptions' threads, which are then named {@code lynx-<bus>-<subscription>}. */
    public EventsBuilder threads(ThreadFactory factory) {
        threads = factory;
        return this;
    }

    /** Sets where the spans of handlers go; nowhere by default. */
    public EventsBuilder tracing(Tracing spans) {
        tracing = spans;
        return this;
    }

    /** Sets the source of jitter; many threads use it at once. */
    public EventsBuilder random(RandomGenerator generator) {
        random = generator;
        return this;
    }

    /** Sets the observer of deliveries. */
    public EventsBuilder observer(EventObserver watcher) {
        observer = watcher;
        return this;
    }

    /**
     * Sets how many dead letters are kept; 1000 by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public EventsBuilder deadLetters(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("dead letters: " + most + "; 1 or more is allowed");
        }
        deadLetters = most;
        return this;
    }

    /** Builds the buses. */
    public Events build() {
        return new Events(this);
    }
}
