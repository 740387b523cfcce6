package io.lynx.jdbc.outbox;

import io.lynx.config.Masking;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.event.bridge.EventBridge;
import io.lynx.extension.UserCode;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Delivers events through a bridge. What the broker refuses permanently goes to its channel of dead letters. */
final class BridgeSink implements OutboxSink {
    private final String name;
    private final Supplier<Optional<EventBridge>> bridge;

    BridgeSink(String name, Supplier<Optional<EventBridge>> bridge) {
        this.name = name;
        this.bridge = bridge;
    }

    /** Returns whether the bridge forwards the topic of that event; empty while it is not running. */
    Optional<Boolean> forwards(OutboxRow row) {
        return bridge.get()
                .map(running -> running.forwards(
                        row.message().attribute("lynxbus"), row.message().type()));
    }

    @Override
    public Collection<Settled> deliver(List<OutboxRow> rows) throws InterruptedException {
        Optional<EventBridge> running = bridge.get();
        if (running.isEmpty()) {
            IllegalStateException missing = new IllegalStateException("bridge '" + name + "' is not running");
            return rows.stream()
                    .map(row -> new Settled(row, new SinkOutcome.Retry(missing, true, true, false)))
                    .toList();
        }
        IdentityHashMap<BridgeMessage, UnpublishedMessage> left = new IdentityHashMap<>();
        for (UnpublishedMessage each :
                running.get().publish(rows.stream().map(OutboxRow::message).toList())) {
            left.put(each.message(), each);
        }
        boolean isGeneral = left.size() == rows.size();
        Set<String> keys = new HashSet<>();
        List<Settled> settled = new ArrayList<>();
        for (OutboxRow row : rows) {
            UnpublishedMessage unpublished = left.get(row.message());
            if (unpublished == null) {
                settled.add(new Settled(row, new SinkOutcome.Delivered()));
            } else if (unpublished.isPermanent()) {
                settled.add(new Settled(row, deadLetter(running.get(), unpublished)));
            } else {
                settled.add(new Settled(
                        row, new SinkOutcome.Retry(unpublished.cause(), keys.add(row.key()), isGeneral, false)));
            }
        }
        return settled;
    }

    private static SinkOutcome deadLetter(EventBridge running, UnpublishedMessage refused) throws InterruptedException {
        String problem = Masking.mask(UserCode.describe(refused.cause()));
        boolean _ = running.deadLetter(refused.message(), problem);
        // It stays in the table, too: for the operator, that is the place to look.
        return new SinkOutcome.Dead(problem);
    }
}
