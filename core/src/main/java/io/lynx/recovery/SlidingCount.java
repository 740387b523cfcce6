package io.lynx.recovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happened in the last so many seconds. The window is a ring of buckets; one that is out of it is replaced,
 * never cleared, so that a thread that is late by a whole window adds to a bucket that nobody reads any more, and counts
 * neither vanish nor come back. The window is exact to one bucket, 1/60 of it: an event counts for at least the
 * window and for less than a bucket more. Lock-free and thread-safe; counting does not contend.
 */
final class SlidingCount {
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

    /** Counts one. */
    void add(long now) {
        bucket(number(now)).count.increment();
    }

    /** How many were counted in the window that ends now. */
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

    /** The bucket to count in; a newer one if the ring has moved past {@code number}, as on a ticker that went back. */
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
