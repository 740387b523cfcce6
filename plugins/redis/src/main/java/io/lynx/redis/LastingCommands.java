package io.lynx.redis;

import io.lynx.context.RequestContext;

/**
 * Sends commands on which others depend: they give back a lock or the claim of a load, or replace an entry of a cache that is out of date.
 * They are sent although the request is over or the thread is interrupted, and are limited by the time of a command alone. Stateless.
 */
final class LastingCommands {
    private LastingCommands() {}

    /** Runs {@code commands} outside of the deadline and the cancellation of the request, and restores the interrupt flag after them. */
    static void run(Runnable commands) {
        // It would close the connection of a virtual thread.
        boolean isInterrupted = Thread.interrupted();
        try {
            RequestContext.current().withoutDeadline().run(commands);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
