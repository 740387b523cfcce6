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
        return isForwarded(row) || local.hasRoom(row);
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
        Map<String, Boolean> isKeyForwarded = new HashMap<>();
        Set<String> elsewhere = new HashSet<>();
        List<OutboxRow> forwarded = new ArrayList<>();
        List<OutboxRow> here = new ArrayList<>();
        for (OutboxRow row : rows) {
            boolean isForwarded = isForwarded(row);
            boolean isAsBefore = isKeyForwarded.computeIfAbsent(row.key(), _ -> isForwarded) == isForwarded;
            if (!isAsBefore || elsewhere.contains(row.key())) {
                // It waits until those before it are delivered.
                boolean _ = elsewhere.add(row.key());
            } else {
                (isForwarded ? forwarded : here).add(row);
            }
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
