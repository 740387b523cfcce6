package io.lynx.recovery.run;

import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.classify.BoundedText;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The counts of every error type: those for which a strategy is registered and at most 256 others; further ones count as
 * {@code other}. Types are never removed, as their totals are counters. Thread-safe; looking up a known type takes no lock.
 */
final class ErrorTypeCounts {
    static final String OTHER = "other";
    private static final int LIMIT = 256;

    private final ConcurrentHashMap<String, Counts> types = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final Duration window;

    /** The counts of one type. */
    static final class Counts {
        final String errorType;
        private final SlidingCount recent;
        private final SlidingCount recentOfChecks;
        private final LongAdder[] bySeverity = new LongAdder[ErrorSeverity.values().length];

        private Counts(String errorType, Duration window) {
            this.errorType = errorType;
            this.recent = new SlidingCount(window);
            this.recentOfChecks = new SlidingCount(window);
            for (int i = 0; i < bySeverity.length; i++) {
                bySeverity[i] = new LongAdder();
            }
        }

        /** Counts an error; one that a check found does not count for health, where the check itself does. */
        void add(ErrorSeverity severity, long now, boolean isOfCheck) {
            bySeverity[severity.level()].increment();
            (isOfCheck ? recentOfChecks : recent).add(now);
        }

        long total(ErrorSeverity severity) {
            return bySeverity[severity.level()].sum();
        }

        long total() {
            long sum = 0;
            for (LongAdder adder : bySeverity) {
                sum += adder.sum();
            }
            return sum;
        }

        long recent(long now) {
            return recent.sum(now);
        }

        /** Returns whether there is an error in the window, those that checks found included. */
        boolean isRecent(long now) {
            return recent.sum(now) > 0 || recentOfChecks.sum(now) > 0;
        }
    }

    ErrorTypeCounts(Duration window) {
        this.window = window;
    }

    /** Returns the counts of this type, or of {@code other}. */
    Counts of(@Nullable String errorType) {
        if (errorType != null) {
            Counts known = types.get(errorType);
            if (known != null) {
                return known;
            }
        }
        return find(BoundedText.name(errorType));
    }

    /** Makes a place for this type beyond the limit. */
    void reserve(String errorType) {
        Counts _ = types.computeIfAbsent(errorType, name -> new Counts(name, window));
    }

    private Counts find(String name) {
        Counts known = types.get(name);
        if (known != null) {
            return known;
        }
        boolean fits = name.equals(OTHER) || takePlace();
        String key = fits ? name : OTHER;
        Counts created = new Counts(key, window);
        Counts raced = types.putIfAbsent(key, created);
        if (raced != null && fits && !name.equals(OTHER)) {
            taken.decrementAndGet();
        }
        return raced == null ? created : raced;
    }

    private boolean takePlace() {
        if (taken.get() >= LIMIT) {
            return false;
        }
        if (taken.incrementAndGet() > LIMIT) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Returns whether there are recent errors of this type; false for one that was never counted. */
    boolean isRecent(String errorType, long now) {
        Counts known = types.get(errorType);
        return known != null && known.isRecent(now);
    }

    /** Returns all types that were ever counted, in no order. */
    Collection<Counts> all() {
        return types.values().stream().filter(counts -> counts.total() > 0).toList();
    }

    /**
     * Counts the events of a sliding window. The window is a ring of buckets. A bucket that has left it is replaced, never
     * cleared: a thread that is late by a whole window adds to a bucket that is not read any more, and counts neither vanish
     * nor reappear. The window is exact to one bucket, 1/60 of it: an event counts for at least the window and for less than
     * a bucket more. Lock-free and thread-safe; counting does not contend.
     */
    static final class SlidingCount {
        /** The window and the bucket that is being filled. */
        private static final int BUCKETS = 61;

        private final AtomicReferenceArray<@Nullable Bucket> ring = new AtomicReferenceArray<>(BUCKETS);
        private final long bucketNanos;

        private static final class Bucket {
            final long number;
            final LongAdder count = new LongAdder();

            Bucket(long number) {
                this.number = number;
            }
        }

        SlidingCount(Duration window) {
            this.bucketNanos = Math.max(1, window.toNanos() / (BUCKETS - 1));
        }

        /** Counts an event. */
        void add(long now) {
            bucket(number(now)).count.increment();
        }

        /** Returns the number of events in the window that ends now. */
        long sum(long now) {
            long newest = number(now);
            long sum = 0;
            for (int i = 0; i < BUCKETS; i++) {
                Bucket bucket = ring.get(i);
                if (bucket != null && newest - bucket.number < BUCKETS) {
                    sum += bucket.count.sum();
                }
            }
            return sum;
        }

        private long number(long now) {
            return Math.floorDiv(now, bucketNanos);
        }

        /** Returns the bucket to count in; a newer one if the ring has moved past {@code number}, as on a ticker that went back. */
        private Bucket bucket(long number) {
            int index = (int) Math.floorMod(number, (long) BUCKETS);
            while (true) {
                Bucket found = ring.get(index);
                if (found != null && found.number >= number) {
                    return found;
                }
                Bucket next = new Bucket(number);
                if (ring.compareAndSet(index, found, next)) {
                    return next;
                }
            }
        }
    }
}
