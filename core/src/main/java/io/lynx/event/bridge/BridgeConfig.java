package io.lynx.event.bridge;

import io.lynx.config.Default;
import io.lynx.config.Doc;
import io.lynx.config.Range;
import java.time.Duration;
import java.util.List;

/**
 * A bridge: the section {@code lynx.events.bridges.<name>}. Immutable.
 *
 * @param transport the id of the plugin that provides the transport
 * @param forward the topics whose events are sent, as {@code <bus>/<type>}
 * @param receive the topics whose events are received
 * @param channel the pattern of the names of channels
 * @param deadLetters the pattern of the names of the channels of dead letters
 * @param source the attribute {@code source} of events that are sent
 * @param group the name of the receivers that share the events
 * @param queueSize places for events that wait to be sent
 * @param batchSize the most events that are sent at a time
 * @param publishTimeout how long the broker may take to acknowledge them
 * @param concurrency how many events are received at a time
 * @param attempts how often a received event is delivered before it becomes a dead letter
 * @param firstPause the bound of the first pause before another attempt
 * @param longestPause the bound of the longest
 */
public record BridgeConfig(
        @Doc("Id of the plugin that provides the transport, such as kafka or kafka.orders.")
        String transport,

        @Doc("Topics whose events are sent: bus/type, where the type may be a pattern such as order.* or **.")
        List<String> forward,

        @Doc("Topics whose events are received: bus/type, or a pattern; handlers subscribe to them as to any topic.")
        List<String> receive,

        @Doc("Name of the channel at the broker; {bus} and {type} stand for those of the event.") @Default("lynx.{bus}")
        String channel,

        @Doc("Name of the channel for dead letters; {channel} stands for the channel of the event.")
        @Default("{channel}.dead-letters")
        String deadLetters,

        @Doc("Attribute source of events that are sent, a URI reference; / and the name of the bridge if not set.")
        @Default("")
        String source,

        @Doc(
                "Name of the receivers that share the events, each event goes to one of them; the name of the bridge if not set.")
        @Default("")
        String group,

        @Doc("Places for events that wait to be sent.") @Default("1024") @Range(min = "1", max = "1048576")
        int queueSize,

        @Doc("The most events that are sent at a time.") @Default("100") @Range(min = "1", max = "10000")
        int batchSize,

        @Doc("How long the broker may take to acknowledge what was sent; then it is sent again.")
        @Default("10s")
        @Range(min = "100ms", max = "10m")
        Duration publishTimeout,

        @Doc("How many received events are handled at a time; those with the same key one after the other.")
        @Default("16")
        @Range(min = "1", max = "1024")
        int concurrency,

        @Doc(
                "How often a received event is delivered to handlers that fail, before it becomes a dead letter; attempts that"
                        + " fail because an external system is down do not count.")
        @Default("5")
        @Range(min = "1", max = "1000")
        int attempts,

        @Doc("Bound of the first random pause before another attempt; it doubles with each.")
        @Default("100ms")
        @Range(min = "1ms", max = "10m")
        Duration firstPause,

        @Doc("The largest bound of such a pause.") @Default("10s") @Range(min = "1ms", max = "1h")
        Duration longestPause) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if a value is empty that must not be
     */
    public BridgeConfig {
        forward = List.copyOf(forward);
        receive = List.copyOf(receive);
        if (transport.isBlank()) {
            throw new IllegalArgumentException("transport: is empty; write the id of a plugin, such as kafka");
        }
        if (channel.isBlank()) {
            throw new IllegalArgumentException("channel: is empty; write a name, which may contain {bus} and {type}");
        }
        if (deadLetters.isBlank()) {
            throw new IllegalArgumentException("dead_letters: is empty; write a name, which may contain {channel}");
        }
    }

    RedeliveryPauses pauses() {
        return new RedeliveryPauses(firstPause, longestPause);
    }
}
