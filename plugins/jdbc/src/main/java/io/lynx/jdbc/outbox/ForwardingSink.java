package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sends events of the topics that a bridge forwards through it, and delivers the others to this process. Thread-safe. */
final class ForwardingSink implements OutboxSink {
    private final BridgeSink bridge;
    private final LocalSink local;

    ForwardingSink(BridgeSink bridge, LocalSink local) {
        this.bridge = bridge;
        this.local = local;
    }

    @Override
    public Map<Long, SinkOutcome> deliver(List<OutboxRow> rows) throws InterruptedException {
        List<OutboxRow> forwarded = new ArrayList<>();
        List<OutboxRow> here = new ArrayList<>();
        for (OutboxRow row : rows) {
            Optional<Boolean> isForwarded = bridge.forwards(row);
            // Without the bridge it is not known where an event belongs, so that it waits.
            (isForwarded.orElse(true) ? forwarded : here).add(row);
        }
        Map<Long, SinkOutcome> outcomes = new HashMap<>();
        if (!forwarded.isEmpty()) {
            outcomes.putAll(bridge.deliver(forwarded));
        }
        if (!here.isEmpty()) {
            outcomes.putAll(local.deliver(here));
        }
        return outcomes;
    }
}
