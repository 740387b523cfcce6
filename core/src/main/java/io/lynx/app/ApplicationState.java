package io.lynx.app;

/** The state of an application. It only moves forward. */
public enum ApplicationState {
    /** Not started. */
    NEW,
    /** The configuration is being read, and plugins start. */
    STARTING,
    /** All plugins run, and requests are accepted. */
    READY,
    /** The shutdown was announced; requests are still served. */
    DRAINING,
    /** Plugins stop. */
    STOPPING,
    /** The application has shut down. */
    STOPPED,
    /** The application could not start, and nothing of it runs. */
    FAILED;

    /** Returns whether a shutdown has begun or is over. */
    public boolean isLeaving() {
        return compareTo(DRAINING) >= 0;
    }

    /** Returns whether nothing runs any more. */
    boolean isOver() {
        return compareTo(STOPPED) >= 0;
    }
}
