package io.lynx.event.bridge;

import io.lynx.extension.Registration;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A transport that records what is published, and refuses what a test tells it to. */
final class RecordingTransport implements BridgeTransport {
    final List<String> published = new CopyOnWriteArrayList<>();
    final List<BridgeMessage> messages = new CopyOnWriteArrayList<>();
    volatile boolean isDown;
    volatile Predicate<BridgeMessage> failing = _ -> false;
    volatile Predicate<BridgeMessage> refused = _ -> false;
    final AtomicInteger waves = new AtomicInteger();

    @Override
    public List<UnpublishedMessage> publish(String channel, List<BridgeMessage> batch, Deadline deadline)
            throws IOException {
        int _ = waves.incrementAndGet();
        if (isDown) {
            throw new IOException("down");
        }
        List<UnpublishedMessage> left = new ArrayList<>();
        for (BridgeMessage message : batch) {
            if (failing.test(message) || refused.test(message)) {
                left.add(new UnpublishedMessage(message, new IOException("not now"), refused.test(message)));
            } else {
                published.add(channel + ":" + message.id());
                messages.add(message);
            }
        }
        return left;
    }

    DeadLetterChannel deadLetters(Ticker ticker) {
        return new DeadLetterChannel(
                "orders",
                this,
                new ChannelNames("lynx.{bus}", "{channel}.dead-letters"),
                Duration.ofSeconds(10),
                ticker);
    }

    @Override
    public Registration subscribe(ChannelSubscription subscription, BridgeReceiver receiver) {
        return Registration.NONE;
    }

    static BridgeMessage message(String id, String key) {
        return new BridgeMessage(
                key.isEmpty()
                        ? Map.of("id", id, "type", "order.placed", "lynxbus", "business")
                        : Map.of("id", id, "type", "order.placed", "lynxbus", "business", "partitionkey", key),
                new byte[0]);
    }
}
