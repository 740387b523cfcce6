package io.lynx.testkit;

/**
 * A real server of an external system, which a test stops and starts: for {@link SystemPluginContract}. Its address stays the same.
 * Used by one thread.
 */
public interface ExternalServer {
    /** Starts it, and returns when it answers. Does nothing if it runs. */
    void start() throws Exception;

    /** Ends its processes at once, as a crash does. */
    void kill() throws Exception;

    /** Suspends its processes (SIGSTOP): connections stay open, and nothing is answered. */
    void freeze() throws Exception;

    /** Lets suspended processes go on. */
    void thaw() throws Exception;

    /** Ends the connections of all clients; the server goes on. */
    void dropConnections() throws Exception;
}
