package io.lynx.jdbc.outbox;

import io.lynx.event.bridge.RedeliveryPauses;
import io.lynx.jdbc.outbox.OutboxSink.SinkOutcome;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The keys whose events failed and wait for another attempt. Not thread-safe. */
final class BlockedKeys {
    /** The most keys of a topic that wait for another attempt; with more, no further key of the topic is tried. */
    private static final int MOST_OF_A_TOPIC = 100;

    /** How long after its pause a key counts as failing: later, another instance or an operator may have dealt with its event. */
    private static final Duration COUNTED = Duration.ofMinutes(1);

    private final Map<String, BlockedKey> keys = new HashMap<>();
    private final RedeliveryPauses pauses;
    private final Ticker ticker;
    private final RandomGenerator random;

    /**
     * What is known of a key. Immutable.
     *
     * @param topic of the event that failed
     * @param failures how often it failed
     * @param handlerFailures how often a handler failed of itself
     * @param until when it is tried again
     * @param counted until when it counts among the failing ones of its topic
     */
    record BlockedKey(String topic, int failures, int handlerFailures, Deadline until, Deadline counted) {}

    BlockedKeys(RedeliveryPauses pauses, Ticker ticker, RandomGenerator random) {
        this.pauses = pauses;
        this.ticker = ticker;
        this.random = random;
    }

    /** Notes another failure of the first event of a key. */
    BlockedKey failed(OutboxRow row, SinkOutcome.Retry retry) {
        BlockedKey before = keys.get(row.key());
        int failures = before == null ? 1 : before.failures() + 1;
        int handlerFailures = (before == null ? 0 : before.handlerFailures()) + (retry.isHandler() ? 1 : 0);
        Duration pause = pauses.after(failures, random);
        BlockedKey now = new BlockedKey(
                row.topic(),
                failures,
                handlerFailures,
                Deadline.after(pause, ticker),
                Deadline.after(pause.plus(COUNTED), ticker));
        BlockedKey _ = keys.put(row.key(), now);
        return now;
    }

    /** Forgets a key whose event failed no more. */
    void forget(String key) {
        @Nullable BlockedKey _ = keys.remove(key);
    }

    /** Forgets all keys but some. */
    void retain(Collection<String> some) {
        boolean _ = keys.keySet().retainAll(some);
    }

    /** Returns the keys whose pause is not over. */
    Set<String> pausing() {
        Set<String> pausing = new HashSet<>();
        keys.forEach((key, state) -> {
            if (!state.until().isExpired()) {
                boolean _ = pausing.add(key);
            }
        });
        return pausing;
    }

    /** Returns the topics of which no further key is tried. */
    Collection<String> failingTopics() {
        Map<String, Integer> counts = new HashMap<>();
        for (BlockedKey key : keys.values()) {
            if (!key.counted().isExpired()) {
                int _ = counts.merge(key.topic(), 1, Integer::sum);
            }
        }
        boolean _ = counts.values().removeIf(count -> count < MOST_OF_A_TOPIC);
        return counts.keySet();
    }

    boolean contains(String key) {
        return keys.containsKey(key);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Returns the time until the next key is tried again, at most {@code longest}. */
    Duration untilNext(Duration longest) {
        Duration shortest = longest;
        for (BlockedKey key : keys.values()) {
            Duration left = key.until().remaining();
            if (!left.isZero() && left.compareTo(shortest) < 0) {
                shortest = left;
            }
        }
        return shortest;
    }
}
