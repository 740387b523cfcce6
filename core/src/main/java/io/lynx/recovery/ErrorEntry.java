package io.lynx.recovery;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An error in the history, with what becomes known of it later. Thread-safe. */
final class ErrorEntry {
    private final ErrorRecord record;
    private final Fingerprints.Count count;
    private final AtomicReference<@Nullable Instant> recoveredAt = new AtomicReference<>();

    ErrorEntry(ErrorRecord record, Fingerprints.Count count) {
        this.record = record;
        this.count = count;
    }

    ErrorRecord record() {
        return record;
    }

    /** The record as things stand now. */
    ErrorRecord current() {
        return record.asOf(Math.max(1, count.total()), recoveredAt.get());
    }

    /** The first recovery counts. */
    void recovered(Instant at) {
        recoveredAt.compareAndSet(null, at);
    }
}
