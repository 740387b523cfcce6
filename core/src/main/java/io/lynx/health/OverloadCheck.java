package io.lynx.health;

import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/**
 * Is DOWN once requests have been rejected for overload for {@code lynx.health_check.overload_after} without a quiet second
 * between them. It compares the sources' totals of rejections at each of its runs, which are about a second apart. Thread-safe.
 */
final class OverloadCheck implements HealthCheck {
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /** An interval without a rejection may be a coincidence; this time without one ends the overload. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private static final long NEVER = Long.MIN_VALUE;

    private final HealthMonitor monitor;
    private final List<LongSupplier> sources = new CopyOnWriteArrayList<>();
    private long seen;
    private long lastRejection = NEVER;
    private long overloadedSince = NEVER;

    OverloadCheck(HealthMonitor monitor) {
        this.monitor = monitor;
    }

    Registration add(LongSupplier rejections) {
        sources.add(rejections);
        return () -> sources.remove(rejections);
    }

    boolean hasSources() {
        return !sources.isEmpty();
    }

    @Override
    public synchronized Health check() {
        Duration limit = monitor.config().overloadAfter().orNull();
        long now = monitor.now();
        long total = total();
        if (total > seen) {
            lastRejection = now;
            overloadedSince = overloadedSince == NEVER ? now : overloadedSince;
        } else if (lastRejection != NEVER && now - lastRejection >= QUIET.toNanos()) {
            lastRejection = NEVER;
            overloadedSince = NEVER;
        }
        seen = total;
        return limit != null && overloadedSince != NEVER && now - overloadedSince >= limit.toNanos()
                ? Health.down("requests have been rejected for overload for more than " + CheckLimits.text(limit))
                : Health.up();
    }

    private long total() {
        long total = 0;
        for (LongSupplier source : sources) {
            total += UserCode.call(source::getAsLong, 0L, _ -> {});
        }
        return total;
    }
}
