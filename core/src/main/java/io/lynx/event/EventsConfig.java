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
 * The event buses' configuration: {@code lynx.events}. What is not said for a bus by name is as it is for all.
 *
 * @param queueSize events that wait for one subscriber
 * @param historySize events that a bus with a history keeps
 * @param historyAge how old they get
 * @param overflow what happens to an event when the queue is full
 * @param blockTimeout how long a publisher waits for room when the overflow is to block
 * @param drainTimeout how long a closing bus waits for its subscribers
 * @param buses what is different for single buses, by name
 */
public record EventsConfig(
        @Default("1024") @Range(min = "1", max = "1048576") @Doc("Events that wait for one subscriber.")
        int queueSize,

        @Default("1000") @Range(min = "0", max = "1000000") @Doc("Events that a bus with a history keeps.")
        int historySize,

        @Default("24h") @Range(min = "1ms", max = "365d") @Doc("How old events of the history get.")
        Duration historyAge,

        @Default("block") @Doc("What happens to an event when a subscriber's queue is full.")
        Overflow.Policy overflow,

        @Default("5ms")
        @Range(min = "0", max = "1m")
        @Doc("How long a publisher waits for room when overflow is block.")
        Duration blockTimeout,

        @Default("5s") @Range(min = "0", max = "10m") @Doc("How long a closing bus waits for its subscribers.")
        Duration drainTimeout,

        @Doc("What is different for single buses.") Map<String, Bus> buses) {
    /** Where it is written. */
    public static final ConfigSection<EventsConfig> SECTION = ConfigSection.of("lynx.events", EventsConfig.class);

    private static final Set<String> REMEMBERED =
            Set.of("plugin", "system", "health", "config", "resource", "security");
    private static final Bus NOTHING_SET = new Bus(null, null, null, null, null, null);

    /** Copies the buses. */
    public EventsConfig {
        buses = Map.copyOf(buses);
    }

    /**
     * Returns the options of a bus. The framework's own buses have a history, except those that carry many events, and so has each
     * bus whose section sets a size; publishing to the others stays as cheap as it can be.
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
     * What is different for one bus; null leaves what the section above says.
     *
     * @param queueSize events that wait for one subscriber
     * @param historySize events that are kept
     * @param historyAge how old they get
     * @param overflow what happens to an event when the queue is full
     * @param blockTimeout how long a publisher waits for room when the overflow is to block
     * @param drainTimeout how long it waits for its subscribers when it closes
     */
    public record Bus(
            @Range(min = "1", max = "1048576") @Doc("Events that wait for one subscriber of this bus.") @Nullable
            Integer queueSize,

            @Range(min = "0", max = "1000000") @Doc("Events that this bus keeps.") @Nullable
            Integer historySize,

            @Range(min = "1ms", max = "365d") @Doc("How old events of this bus' history get.") @Nullable
            Duration historyAge,

            @Doc("What happens to an event when a subscriber's queue is full.")
            Overflow.@Nullable Policy overflow,

            @Range(min = "0", max = "1m") @Doc("How long a publisher waits for room when overflow is block.") @Nullable
            Duration blockTimeout,

            @Range(min = "0", max = "10m") @Doc("How long this bus waits for its subscribers when it closes.") @Nullable
            Duration drainTimeout) {}
}
