package io.lynx.event;

import io.lynx.config.Binding;
import io.lynx.event.Subscription.Undelivered;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The buses of an {@link Events}, by name; each is opened when it is first named. Thread-safe. */
final class OpenBuses {
    /** Largest number of buses: their names are in a program, not in its data. */
    static final int MOST_BUSES = 256;

    private final Events events;
    private final Map<String, BusOptions> options;
    private final EventsConfig config;
    private final Map<String, Bus> buses = new ConcurrentHashMap<>();
    private volatile boolean closed;

    OpenBuses(Events events, EventsBuilder builder) {
        this.events = events;
        this.options = Map.copyOf(builder.buses);
        this.config = builder.config == null ? Binding.defaults(EventsConfig.class) : builder.config;
    }

    /** Returns those that are open; later ones appear in it. */
    Collection<Bus> all() {
        return buses.values();
    }

    @Nullable
    Bus find(String name) {
        return buses.get(name);
    }

    /**
     * Returns the bus of that name.
     *
     * @throws IllegalArgumentException if it is not the name of a bus
     * @throws IllegalStateException if it is a new bus and there are {@value #MOST_BUSES} already
     */
    Bus require(String name) {
        Bus bus = findOrOpen(Topic.checkBus(name));
        if (bus == null) {
            throw new IllegalStateException(
                    "event bus '" + name + "': there are " + MOST_BUSES + " already; no more are allowed");
        }
        return bus;
    }

    @Nullable
    Bus findOrOpen(String name) {
        Bus known = buses.get(name);
        if (known != null || buses.size() >= MOST_BUSES) {
            return known;
        }
        Bus opened = buses.computeIfAbsent(name, fresh -> {
            BusOptions own = options.get(fresh);
            return new Bus(events, fresh, own == null ? config.optionsOf(fresh) : own);
        });
        if (closed) {
            List<QueuedSubscription> _ = opened.shut();
        }
        return opened;
    }

    /** Closes them, each by the deadline or its own drain timeout, and returns what was not delivered. */
    List<Undelivered> close(Deadline deadline) {
        closed = true;
        List<QueuedSubscription> last = new ArrayList<>();
        buses.values().forEach(bus -> last.addAll(bus.shut()));
        last.forEach(QueuedSubscription::beginClose);
        Map<Bus, Deadline> deadlines = new HashMap<>();
        last.forEach(subscription -> subscription.await(
                deadlines.computeIfAbsent(subscription.bus, bus -> deadline.atMost(bus.options.drainTimeout()))));
        return last.stream()
                .map(subscription -> subscription.finishClose(true))
                .filter(left -> !left.isEmpty())
                .toList();
    }
}
