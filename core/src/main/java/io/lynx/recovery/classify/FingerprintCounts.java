package io.lynx.recovery.classify;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the occurrences of each fingerprint and selects those that are recorded in full: the first 10 of a minute and then
 * every hundredth. At most 4096 fingerprints are counted. At the limit, those that have not occurred for two minutes are
 * removed, and until then new ones are counted and sampled together. Thread-safe and lock-free.
 */
public final class FingerprintCounts {
    private static final int MOST = 4096;
    private static final int FIRST = 10;
    private static final int ONE_IN = 100;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final ConcurrentHashMap<Long, Count> counts = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong sweptInMinute = new AtomicLong(Long.MIN_VALUE);
    private final Count rest = new Count(0);

    /** The count of one fingerprint. */
    public static final class Count {
        private final LongAdder total = new LongAdder();
        private final AtomicReference<Minute> minute;

        private record Minute(long number, AtomicLong seen) {
            Minute(long number) {
                this(number, new AtomicLong());
            }
        }

        private Count(long firstMinute) {
            this.minute = new AtomicReference<>(new Minute(firstMinute));
        }

        /** Returns the number of occurrences. */
        public long total() {
            return total.sum();
        }

        private boolean isSampled(long number) {
            total.increment();
            Minute now = minute.get();
            while (now.number() < number) {
                minute.compareAndSet(now, new Minute(number));
                now = minute.get();
            }
            long before = now.seen().getAndIncrement();
            return before < FIRST || before % ONE_IN == 0;
        }
    }

    /** Returns the count of this fingerprint. */
    public Count of(long fingerprint, long now) {
        Count known = counts.get(fingerprint);
        if (known != null) {
            return known;
        }
        if (taken.incrementAndGet() > MOST) {
            taken.decrementAndGet();
            forgetIdle(number(now));
            return rest;
        }
        Count created = new Count(number(now));
        Count raced = counts.putIfAbsent(fingerprint, created);
        if (raced != null) {
            taken.decrementAndGet();
        }
        return raced == null ? created : raced;
    }

    /** Counts one occurrence; returns whether to record it in full. */
    public boolean count(Count count, long now) {
        return count.isSampled(number(now));
    }

    int size() {
        return counts.size();
    }

    /** Removes those that are idle, at most once a minute. */
    private void forgetIdle(long minute) {
        long swept = sweptInMinute.get();
        if (swept == minute || !sweptInMinute.compareAndSet(swept, minute)) {
            return;
        }
        counts.forEach((fingerprint, count) -> {
            if (count.minute.get().number() < minute - 1 && counts.remove(fingerprint, count)) {
                taken.decrementAndGet();
            }
        });
    }

    private static long number(long now) {
        return Math.floorDiv(now, MINUTE);
    }
}
