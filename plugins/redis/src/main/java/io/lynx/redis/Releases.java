package io.lynx.redis;

import io.lynx.context.RequestContext;

/**
 * Sends commands that give back what others wait for: a lock, or the claim of a load. They are sent although the request is over or the
 * thread is interrupted, and are limited by the time of a command alone. Stateless.
 */
final class Releases {
    private Releases() {}

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
