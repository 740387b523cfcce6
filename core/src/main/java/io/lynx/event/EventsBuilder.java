package io.lynx.event;

import io.lynx.config.Binding;
import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds {@link Events}. Not thread-safe. */
public final class EventsBuilder {
    private final Map<String, BusOptions> buses = new HashMap<>();
    Ticker ticker = Ticker.system();
    InstantSource wallClock = InstantSource.system();
    ThreadFactory threads = Thread.ofVirtual().factory();
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
    int deadLetters = 1000;

    @Nullable
    EventObserver observer;

    private @Nullable EventsConfig config;
    private @Nullable Scheduler scheduler;

    EventsBuilder() {}

    Function<String, BusOptions> options() {
        EventsConfig section = config == null ? Binding.defaults(EventsConfig.class) : config;
        Map<String, BusOptions> own = Map.copyOf(buses);
        return bus -> {
            BusOptions known = own.get(bus);
            return known == null ? section.optionsOf(bus) : known;
        };
    }

    /** Takes the options of the buses from the configuration. */
    public EventsBuilder configuration(EventsConfig section) {
        config = section;
        return this;
    }

    /** Sets the options of one bus, whatever the configuration says of it. */
    public EventsBuilder bus(String name, BusOptions options) {
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
        Scheduler given = scheduler;
        if (given != null) {
            return new Events(this, given, () -> {});
        }
        SystemScheduler own = new SystemScheduler("lynx-events-timer", Runnable::run);
        return new Events(this, own, own::close);
    }
}
