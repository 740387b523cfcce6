package io.lynx.event;

import io.lynx.config.ConfigSection;
import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the event buses: {@code lynx.events}. A value in the section of a bus replaces the general one. Immutable.
 *
 * @param queueSize places in the queue of each subscription
 * @param historySize past events that a bus with a history keeps
 * @param historyAge how long past events are kept at most
 * @param overflow what happens to an event that finds a queue full
 * @param blockTimeout how long a publisher waits for room if the overflow policy is to block
 * @param drainTimeout how long a closing bus waits for its subscriptions at most
 * @param buses the values of single buses, by name
 */
public record EventsConfig(
        @Default("1024") @Range(min = "1", max = "1048576") @Doc("Places in the queue of each subscription.")
        int queueSize,

        @Default("1000") @Range(min = "0", max = "1000000") @Doc("Past events that a bus with a history keeps.")
        int historySize,

        @Default("24h") @Range(min = "1ms", max = "365d") @Doc("How long past events are kept at most.")
        Duration historyAge,

        @Default("block") @Doc("What happens to an event that finds the queue of a subscription full.")
        Overflow.Policy overflow,

        @Default("5ms") @Range(min = "0", max = "1m") @Doc("How long a publisher waits for room if overflow is block.")
        Duration blockTimeout,

        @Default("5s")
        @Range(min = "0", max = "10m")
        @Doc("How long a closing bus waits for its subscriptions at most.")
        Duration drainTimeout,

        @Doc("Values of single buses, by name.") Map<String, Bus> buses) {
    /** The section of the configuration. */
    public static final ConfigSection<EventsConfig> SECTION = ConfigSection.of("lynx.events", EventsConfig.class);

    private static final Set<String> REMEMBERED =
            Set.of("plugin", "system", "health", "config", "resource", "security");
    private static final Bus NOTHING_SET = new Bus(null, null, null, null, null, null);

    /** Copies the map. */
    public EventsConfig {
        buses = Map.copyOf(buses);
    }

    /**
     * Returns the options of a bus. A bus has a history if its section sets a size, or if it is one of the framework's own buses
     * that carry few events. A history makes publishing slower, so the others have none.
     */
    BusOptions optionsOf(String bus) {
        Bus own = buses.getOrDefault(bus, NOTHING_SET);
        Overflow overflowing = new Overflow(orElse(own.overflow(), overflow), orElse(own.blockTimeout(), blockTimeout));
        return new BusOptions(
                orElse(own.queueSize(), queueSize),
                overflowing,
                orElse(own.historySize(), REMEMBERED.contains(bus) ? historySize : 0),
                orElse(own.historyAge(), historyAge),
                orElse(own.drainTimeout(), drainTimeout));
    }

    private static <T> T orElse(@Nullable T own, T general) {
        return own == null ? general : own;
    }

    /**
     * The values of one bus; the general value applies where one is null. Immutable.
     *
     * @param queueSize places in the queue of each subscription
     * @param historySize past events that are kept
     * @param historyAge how long past events are kept at most
     * @param overflow what happens to an event that finds a queue full
     * @param blockTimeout how long a publisher waits for room if the overflow policy is to block
     * @param drainTimeout how long the closing bus waits for its subscriptions at most
     */
    public record Bus(
            @Range(min = "1", max = "1048576") @Doc("Places in the queue of each subscription to this bus.") @Nullable
            Integer queueSize,

            @Range(min = "0", max = "1000000") @Doc("Past events that this bus keeps.") @Nullable
            Integer historySize,

            @Range(min = "1ms", max = "365d") @Doc("How long past events of this bus are kept at most.") @Nullable
            Duration historyAge,

            @Doc("What happens to an event that finds the queue of a subscription full.")
            Overflow.@Nullable Policy overflow,

            @Range(min = "0", max = "1m") @Doc("How long a publisher waits for room if overflow is block.") @Nullable
            Duration blockTimeout,

            @Range(min = "0", max = "10m")
            @Doc("How long this bus waits for its subscriptions at most when it closes.")
            @Nullable
            Duration drainTimeout) {}
}
