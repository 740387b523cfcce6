package io.lynx.jdbc.outbox;

import io.lynx.config.Masking;
import io.lynx.event.bridge.BridgeMessage;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.event.bridge.EventBridge;
import io.lynx.extension.UserCode;
import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Delivers events through a bridge. What the broker refuses permanently goes to its channel of dead letters. Thread-safe. */
final class BridgeSink implements OutboxSink {
    private final String name;
    private final Supplier<Optional<EventBridge>> bridge;

    BridgeSink(String name, Supplier<Optional<EventBridge>> bridge) {
        this.name = name;
        this.bridge = bridge;
    }

    /** Returns whether the bridge forwards the topic of that event; null while it is not running. */
    Optional<Boolean> forwards(OutboxRow row) {
        return bridge.get()
                .map(running -> running.forwards(
                        row.message().attribute("lynxbus"), row.message().type()));
    }

    @Override
    public Map<Long, SinkOutcome> deliver(List<OutboxRow> rows) throws InterruptedException {
        Map<Long, SinkOutcome> outcomes = new HashMap<>();
        Optional<EventBridge> running = bridge.get();
        if (running.isEmpty()) {
            IllegalStateException missing = new IllegalStateException("bridge '" + name + "' is not running");
            rows.forEach(row -> outcomes.put(row.seq(), new SinkOutcome.Retry(missing, true, true, false)));
            return outcomes;
        }
        IdentityHashMap<BridgeMessage, OutboxRow> bySent = new IdentityHashMap<>();
        rows.forEach(row -> {
            bySent.put(row.message(), row);
            outcomes.put(row.seq(), new SinkOutcome.Delivered());
        });
        List<UnpublishedMessage> left =
                running.get().publish(rows.stream().map(OutboxRow::message).toList());
        boolean isGeneral = left.size() == rows.size();
        Set<String> keys = new HashSet<>();
        for (UnpublishedMessage each : left) {
            OutboxRow row = bySent.get(each.message());
            if (row != null) {
                outcomes.put(
                        row.seq(),
                        each.isPermanent()
                                ? deadLetter(running.get(), each)
                                : new SinkOutcome.Retry(each.cause(), keys.add(row.key()), isGeneral, false));
            }
        }
        return outcomes;
    }

    private static SinkOutcome deadLetter(EventBridge running, UnpublishedMessage refused) throws InterruptedException {
        String problem = Masking.mask(UserCode.describe(refused.cause()));
        boolean _ = running.deadLetter(refused.message(), problem);
        // It stays in the table, too: for the operator, that is the place to look.
        return new SinkOutcome.Dead(problem);
    }
}
