package io.lynx.transport;

import io.lynx.time.Ticker;
import java.time.Duration;

/** Permits one log line a minute, for what clients can cause at will. Thread-safe. */
public final class LogInterval {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private boolean logged;
    private long loggedAt;

    /** Creates an interval that has not begun. */
    public LogInterval(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Returns whether a line may be written now; the minute begins if so. */
    public synchronized boolean permits() {
        long now = ticker.nanos();
        if (logged && now - loggedAt < MINUTE) {
            return false;
        }
        logged = true;
        loggedAt = now;
        return true;
    }
}
