package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Publishes batches through a transport, in waves: each wave has one message of each key at most, and what follows a message that was
 * not acknowledged is not sent in the same batch. So messages of a key arrive in order, whatever becomes of the first. Thread-safe if
 * the transport is.
 */
final class BatchPublisher {
    private final BridgeTransport transport;
    private final ChannelNames channels;
    private final Duration timeout;
    private final Ticker ticker;

    /** A message without a key has a place of its own, so that it waits for no other. */
    private record Place(String channel, String key) {}

    BatchPublisher(BridgeTransport transport, ChannelNames channels, Duration timeout, Ticker ticker) {
        this.transport = transport;
        this.channels = channels;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /** Publishes messages; returns those that were not acknowledged, in their order. */
    List<UnpublishedMessage> publish(List<BridgeMessage> batch) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, ticker);
        Map<BridgeMessage, UnpublishedMessage> failed = new HashMap<>();
        Map<Place, UnpublishedMessage> blocked = new HashMap<>();
        List<BridgeMessage> left = batch;
        while (!left.isEmpty()) {
            List<BridgeMessage> later = new ArrayList<>();
            for (Map.Entry<String, List<BridgeMessage>> wave :
                    nextWave(left, later, blocked, failed).entrySet()) {
                for (UnpublishedMessage refused : send(wave.getKey(), wave.getValue(), deadline)) {
                    failed.put(refused.message(), refused);
                    if (!refused.isPermanent()) {
                        blocked.put(new Place(wave.getKey(), refused.message().key()), refused);
                    }
                }
            }
            left = later;
        }
        return batch.stream().filter(failed::containsKey).map(failed::get).toList();
    }

    private Map<String, List<BridgeMessage>> nextWave(
            List<BridgeMessage> left,
            List<BridgeMessage> later,
            Map<Place, UnpublishedMessage> blocked,
            Map<BridgeMessage, UnpublishedMessage> failed) {
        Map<String, List<BridgeMessage>> wave = new LinkedHashMap<>();
        Set<Place> taken = new HashSet<>();
        for (BridgeMessage message : left) {
            String channel = channels.of(message);
            Place place = new Place(channel, message.key());
            UnpublishedMessage earlier = message.key().isEmpty() ? null : blocked.get(place);
            if (earlier != null) {
                failed.put(message, new UnpublishedMessage(message, earlier.cause(), false));
            } else if (message.key().isEmpty() || taken.add(place)) {
                wave.computeIfAbsent(channel, _ -> new ArrayList<>()).add(message);
            } else {
                later.add(message);
            }
        }
        return wave;
    }

    private List<UnpublishedMessage> send(String channel, List<BridgeMessage> messages, Deadline deadline)
            throws InterruptedException {
        if (deadline.isExpired()) {
            return all(messages, new TimeoutException("publish_timeout of the bridge passed before it was sent"));
        }
        try {
            return transport.publish(channel, messages, deadline);
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failure) {
            return all(messages, failure);
        }
    }

    private static List<UnpublishedMessage> all(List<BridgeMessage> messages, Exception cause) {
        return messages.stream()
                .map(message -> new UnpublishedMessage(message, cause, false))
                .toList();
    }
}
