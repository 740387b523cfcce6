package io.lynx.event;

/**
 * How much an event matters when a queue runs short, lowest first. It never changes the order of delivery; a part of
 * each queue is kept for {@link #CRITICAL} events alone.
 */
public enum Priority {
    /** Nobody minds if it is lost. */
    LOW,
    /** The usual. */
    NORMAL,
    /** For subscribers that want only what matters. */
    HIGH,
    /** Finds room where the others do not, and is not displaced by a lesser one. */
    CRITICAL
}
