package io.lynx.recovery.run;

import io.lynx.recovery.ErrorRecord;
import io.lynx.recovery.classify.FingerprintCounts;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An error in the history, with what became known of it later. Thread-safe. */
final class RecordedError {
    private final ErrorRecord record;
    private final FingerprintCounts.Count count;
    private final AtomicReference<@Nullable Instant> recoveredAt = new AtomicReference<>();

    RecordedError(ErrorRecord record, FingerprintCounts.Count count) {
        this.record = record;
        this.count = count;
    }

    ErrorRecord record() {
        return record;
    }

    /** Returns the record as of now. */
    ErrorRecord current() {
        return record.withOutcome(Math.max(1, count.total()), recoveredAt.get());
    }

    /** Notes a recovery; the first one counts. */
    void recovered(Instant at) {
        recoveredAt.compareAndSet(null, at);
    }
}
