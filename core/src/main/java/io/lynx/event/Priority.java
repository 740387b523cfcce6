package io.lynx.event;

/**
 * The importance of an event when a queue runs short, lowest first. It never changes the order of delivery; a part of each queue
 * is reserved for {@link #CRITICAL} events.
 */
public enum Priority {
    /** Its loss does no harm. */
    LOW,
    /** The default. */
    NORMAL,
    /** For subscriptions that filter by priority. */
    HIGH,
    /** Uses the reserved places, and is displaced by critical events only. */
    CRITICAL
}
