package io.lynx.event;

import io.lynx.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Two clocks for the price of one reading: an event keeps the ticker's reading and an anchor, a moment at which both
 * clocks were read. The wall clock is read again once a second at most, and only if somebody publishes, so a step of it
 * shows within that second and never changes the time of an event that was. Thread-safe.
 */
final class EventClock {
    private static final long ANCHOR_LIFE = Duration.ofSeconds(1).toNanos();

    final Ticker ticker;
    private final InstantSource wall;
    private volatile Anchor anchor;

    /** A moment on both clocks. */
    record Anchor(Instant wall, long nanos) {
        Instant at(long reading) {
            return wall.plusNanos(reading - nanos);
        }
    }

    EventClock(Ticker ticker, InstantSource wall) {
        this.ticker = ticker;
        this.wall = wall;
        this.anchor = new Anchor(wall.instant(), ticker.nanos());
    }

    Anchor anchorFor(long nanos) {
        Anchor current = anchor;
        return nanos - current.nanos < ANCHOR_LIFE ? current : renew();
    }

    Instant now() {
        return wall.instant();
    }

    private Anchor renew() {
        Anchor fresh = new Anchor(wall.instant(), ticker.nanos());
        anchor = fresh;
        return fresh;
    }
}
