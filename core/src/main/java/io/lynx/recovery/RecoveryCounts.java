package io.lynx.recovery;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How many recoveries ended how. Thread-safe. */
final class RecoveryCounts {
    private final Map<RecoveryRecord.Result, LongAdder> ended = new EnumMap<>(RecoveryRecord.Result.class);
    private final LongAdder cancelledInQueue = new LongAdder();

    RecoveryCounts() {
        for (RecoveryRecord.Result result : RecoveryRecord.Result.values()) {
            ended.put(result, new LongAdder());
        }
    }

    void ended(RecoveryRecord.Result result) {
        adder(result).increment();
    }

    /** An error that nobody knows anything to do about. */
    void skipped() {
        ended(RecoveryRecord.Result.SKIPPED);
    }

    void cancelledInQueue() {
        cancelledInQueue.increment();
    }

    long of(RecoveryRecord.Result result) {
        return adder(result).sum();
    }

    private LongAdder adder(RecoveryRecord.Result result) {
        return Objects.requireNonNull(ended.get(result));
    }

    /** Those that a stop cancelled, before they began or later. */
    long cancelled() {
        return of(RecoveryRecord.Result.CANCELLED) + cancelledInQueue.sum();
    }

    /** Those in which something was tried. */
    long total() {
        long sum = 0;
        for (RecoveryRecord.Result result : RecoveryRecord.Result.values()) {
            sum += switch (result) {
                case RECOVERED, DEGRADED, FAILED, ABANDONED, PARKED -> of(result);
                case SKIPPED, CANCELLED, REFUSED -> 0;
            };
        }
        return sum;
    }
}
