package io.lynx.transport;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits log lines that clients can cause to one a minute and kind. It distinguishes a bounded number of kinds; all others share
 * one limit. Thread-safe.
 */
public final class LogLimit {
    private static final long INTERVAL = Duration.ofMinutes(1).toNanos();
    private static final int MAX_KINDS = 256;
    private static final String OTHERS = "";

    private final Ticker ticker;
    private final ConcurrentHashMap<String, Kind> kinds = new ConcurrentHashMap<>();

    private record Kind(AtomicLong loggedAt, AtomicLong suppressed) {}

    /** Creates a limit that has not suppressed anything. */
    public LogLimit(Ticker ticker) {
        this.ticker = ticker;
        // Also loads what a later line needs: no class can be loaded while no file can be opened.
        kinds.put(OTHERS, kind(ticker.nanos()));
        LogThread.prepare();
    }

    private static Kind kind(long now) {
        return new Kind(new AtomicLong(now - INTERVAL), new AtomicLong());
    }

    /** Returns how many lines of this kind were suppressed since the last one; -1 if this one is suppressed too. */
    public long acquire(String kind) {
        String key = kinds.size() < MAX_KINDS || kinds.containsKey(kind) ? kind : OTHERS;
        long now = ticker.nanos();
        Kind known = kinds.computeIfAbsent(key, _ -> kind(now));
        long last = known.loggedAt().get();
        if (now - last >= INTERVAL && known.loggedAt().compareAndSet(last, now)) {
            return known.suppressed().getAndSet(0);
        }
        known.suppressed().incrementAndGet();
        return -1;
    }
}
