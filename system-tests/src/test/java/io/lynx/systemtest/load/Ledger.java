package io.lynx.systemtest.load;

import io.lynx.systemtest.load.Outcome.Answered;
import io.lynx.systemtest.load.Outcome.Lost;
import io.lynx.systemtest.load.Outcome.NotSent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Adds up outcomes. Thread-safe. */
final class Ledger {
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long scheduled;
    private long notSent;
    private long lost;
    private long slowestNanos;
    private long lastAnswered = System.nanoTime();
    private @Nullable Lost firstLost;

    synchronized void schedule() {
        scheduled++;
    }

    synchronized void add(Outcome outcome, long dueNanos) {
        switch (outcome) {
            case Answered answered -> {
                statuses.merge(answered.status(), 1L, Long::sum);
                lastAnswered = System.nanoTime();
                slowestNanos = Math.max(slowestNanos, lastAnswered - dueNanos);
            }
            case NotSent _ -> notSent++;
            case Lost one -> {
                lost++;
                if (firstLost == null || one.nanos() < firstLost.nanos()) {
                    firstLost = one;
                }
            }
        }
    }

    synchronized long accounted() {
        return statuses.values().stream().mapToLong(Long::longValue).sum() + notSent + lost;
    }

    synchronized LoadReport report(long safeRetries) {
        return new LoadReport(
                scheduled,
                Map.copyOf(statuses),
                notSent,
                lost,
                safeRetries,
                Duration.ofNanos(slowestNanos),
                firstLost,
                lastAnswered);
    }
}
