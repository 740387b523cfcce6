package io.lynx.recovery;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The counts of every error type, at most 256 of them; further ones count as {@code other}. Types are never forgotten,
 * as their totals are counters. Thread-safe; looking up a known type takes no lock.
 */
final class ErrorTypes {
    static final String OTHER = "other";
    private static final int MOST_TYPES = 256;

    private final ConcurrentHashMap<String, Counts> types = new ConcurrentHashMap<>();
    private final AtomicInteger taken = new AtomicInteger();
    private final Duration window;

    /** What is counted of one type. */
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

        /** Counts one; {@code speaks} says whether health is to hear of it, which for a check's failure it does from the check. */
        void add(ErrorSeverity severity, long now, boolean speaks) {
            bySeverity[severity.level()].increment();
            (speaks ? recent : recentOfChecks).add(now);
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

        /** Whether there is one in the window, also of those that do not speak. */
        boolean isRecent(long now) {
            return recent.sum(now) > 0 || recentOfChecks.sum(now) > 0;
        }
    }

    ErrorTypes(Duration window) {
        this.window = window;
    }

    /** The counts of this type, or of {@code other}. */
    Counts of(@Nullable String errorType) {
        if (errorType != null) {
            Counts known = types.get(errorType);
            if (known != null) {
                return known;
            }
        }
        return find(BoundedText.name(errorType));
    }

    private Counts find(String name) {
        Counts known = types.get(name);
        if (known != null) {
            return known;
        }
        boolean room = name.equals(OTHER) || takePlace();
        String key = room ? name : OTHER;
        Counts created = new Counts(key, window);
        Counts raced = types.putIfAbsent(key, created);
        if (raced != null && room && !name.equals(OTHER)) {
            taken.decrementAndGet();
        }
        return raced == null ? created : raced;
    }

    private boolean takePlace() {
        if (taken.get() >= MOST_TYPES) {
            return false;
        }
        if (taken.incrementAndGet() > MOST_TYPES) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Whether errors of this type go on; false of one that was never counted. */
    boolean isRecent(String errorType, long now) {
        Counts known = types.get(errorType);
        return known != null && known.isRecent(now);
    }

    /** All types that were ever counted, in no order. */
    Collection<Counts> all() {
        return List.copyOf(types.values());
    }
}
