package io.lynx.http.engine.routing;

import io.lynx.plugin.InFlight;
import io.lynx.time.Deadline;

/**
 * The requests that were accepted for the routes of one plugin: from the moment their head was read until their handler has
 * returned. Thread-safe.
 */
public final class AcceptedRequests {
    private final InFlight inFlight = new InFlight();
    private volatile boolean refused;

    void begin() {
        inFlight.begin();
    }

    public void end() {
        inFlight.end();
    }

    /**
     * Waits until every request has ended, at the latest until {@code deadline}. Those that are left are then answered with
     * 503: no handler begins for them any more, and the answer of a handler that is running is not awaited.
     *
     * @throws InterruptedException if interrupted while waiting; the requests that are left are answered with 503 then too
     */
    public void finish(Deadline deadline) throws InterruptedException {
        try {
            boolean _ = inFlight.awaitNone(deadline);
        } finally {
            refuse();
        }
    }

    /** Answers the requests that are left with 503. */
    public void refuse() {
        refused = true;
    }

    /** Whether the requests that are left are answered with 503. */
    boolean areRefused() {
        return refused;
    }
}
