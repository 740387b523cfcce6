package io.lynx.recovery;

import io.lynx.time.Ticker;

/** The time since the manager was made: what all windows, cool-downs and counts of one manager go by. Thread-safe. */
final class Elapsed {
    private final Ticker ticker;
    private final long origin;

    Elapsed(Ticker ticker) {
        this.ticker = ticker;
        this.origin = ticker.nanos();
    }

    long nanos() {
        return ticker.nanos() - origin;
    }
}
