package io.lynx.jdbc.outbox;

import io.lynx.jdbc.outbox.OutboxTable.OutboxRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sends events of the topics that a bridge forwards through it, and delivers the others to this process. */
final class ForwardingSink implements OutboxSink {
    private final BridgeSink bridge;
    private final LocalSink local;

    ForwardingSink(BridgeSink bridge, LocalSink local) {
        this.bridge = bridge;
        this.local = local;
    }

    /** Without the bridge it is not known where an event belongs, so that it waits. */
    private boolean isForwarded(OutboxRow row) {
        return bridge.forwards(row).orElse(true);
    }

    @Override
    public boolean hasRoom(OutboxRow row) {
        return local.hasRoom(row) || isForwarded(row);
    }

    @Override
    public Collection<Settled> ended() {
        return local.ended();
    }

    @Override
    public Set<String> busyKeys() {
        return local.busyKeys();
    }

    @Override
    public Collection<Settled> deliver(List<OutboxRow> rows) throws InterruptedException {
        Map<String, Boolean> destinations = new HashMap<>();
        // An event that goes elsewhere than those of its key before it waits until they are delivered.
        List<OutboxRow> possible = OutboxReader.possible(rows, new HashSet<>(), row -> {
            boolean isForwarded = isForwarded(row);
            return destinations.computeIfAbsent(row.key(), _ -> isForwarded) == isForwarded;
        });
        List<OutboxRow> forwarded = new ArrayList<>();
        List<OutboxRow> here = new ArrayList<>();
        for (OutboxRow row : possible) {
            (destinations.getOrDefault(row.key(), true) ? forwarded : here).add(row);
        }
        List<Settled> settled = new ArrayList<>();
        if (!forwarded.isEmpty()) {
            settled.addAll(bridge.deliver(forwarded));
        }
        if (!here.isEmpty()) {
            settled.addAll(local.deliver(here));
        }
        return settled;
    }
}
