package io.lynx.event;

import io.lynx.time.Scheduler;
import io.lynx.time.SystemScheduler;
import io.lynx.time.Ticker;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds an {@link Events}. Everything has a default. Not thread-safe. */
public final class EventsBuilder {
    final Map<String, BusOptions> buses = new LinkedHashMap<>();
    BusOptions defaults = BusOptions.DEFAULTS;
    Ticker ticker = Ticker.system();
    InstantSource wallClock = InstantSource.system();
    ThreadFactory threads = Thread.ofVirtual().factory();
    RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();

    @Nullable
    EventObserver observer;

    int deadLetters = 1000;
    private @Nullable Scheduler scheduler;

    EventsBuilder() {}

    /**
     * Takes the buses' options from the configuration. A history is kept by the framework's own buses other than
     * {@code business} and {@code metrics}, and by each bus whose section says a {@code history_size}.
     */
    public EventsBuilder configuration(EventsConfig config) {
        defaults = BusSections.others(config);
        buses.putAll(BusSections.named(config));
        return this;
    }

    /** What buses are like that are not named here. */
    public EventsBuilder defaults(BusOptions options) {
        defaults = options;
        return this;
    }

    /** What the bus of that name is like. */
    public EventsBuilder bus(String name, BusOptions options) {
        buses.put(Topic.checkBus(name), options);
        return this;
    }

    /** The monotonic clock: for waits, retries and latencies. */
    public EventsBuilder ticker(Ticker clock) {
        ticker = clock;
        return this;
    }

    /** The clock of the timestamps. */
    public EventsBuilder wallClock(InstantSource clock) {
        wallClock = clock;
        return this;
    }

    /** Ends the pauses of retries; if none is given, one is made and closed with the buses. */
    public EventsBuilder scheduler(Scheduler timer) {
        scheduler = timer;
        return this;
    }

    /** Makes the threads of the subscriptions, which are then named {@code lynx-<bus>-<subscription>}. */
    public EventsBuilder threads(ThreadFactory factory) {
        threads = factory;
        return this;
    }

    /** The source of jitter; used by many threads at once. */
    public EventsBuilder random(RandomGenerator generator) {
        random = generator;
        return this;
    }

    /** Sees what happens to events. */
    public EventsBuilder observer(EventObserver watcher) {
        observer = watcher;
        return this;
    }

    /**
     * How many dead letters are kept; 1000 if nothing is said.
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

    /** The buses. */
    public Events build() {
        Scheduler given = scheduler;
        if (given != null) {
            return new Events(this, given, () -> {});
        }
        SystemScheduler own = new SystemScheduler("lynx-events-timer", Runnable::run);
        return new Events(this, own, own::close);
    }
}
