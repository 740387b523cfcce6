package io.lynx.app;

/** Where an application is in its life; it never goes back. */
public enum ApplicationState {
    /** Not started. */
    NEW,
    /** Configuration is read, plugins start. */
    STARTING,
    /** Everything runs and requests are let in. */
    READY,
    /** The stop was announced; requests are still served. */
    DRAINING,
    /** Plugins stop. */
    STOPPING,
    /** All is over, as it was asked for. */
    STOPPED,
    /** All is over, because it could not start. */
    FAILED;

    /** Whether a stop has begun or is over. */
    public boolean isLeaving() {
        return compareTo(DRAINING) >= 0;
    }

    /** Whether nothing runs any more. */
    public boolean isOver() {
        return compareTo(STOPPED) >= 0;
    }
}
