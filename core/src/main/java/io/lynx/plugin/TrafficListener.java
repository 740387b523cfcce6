package io.lynx.plugin;

import io.lynx.extension.ExtensionPoint;
import io.lynx.time.Deadline;
import java.util.List;

/**
 * A server that accepts requests, such as an HTTP or gRPC server. A plugin registers it by {@link PluginContext#traffic}. The
 * application opens it after every plugin has started, and drains it before any plugin stops. Methods are called in the
 * order in which they are declared here, each at most once for an opening; {@link #requests} and {@link #isAccepting} may be
 * called at any time.
 */
@ExtensionPoint(
        thread = "a platform thread for each call; name on the thread of the plugin's start",
        deadline = "lynx.startup.timeout for open, the shutdown's budget for the others, 1 s for those that must not"
                + " block")
public interface TrafficListener {
    /** Returns a short name for logs and reports, such as {@code http}. */
    String name();

    /**
     * Begins to accept requests, and returns when a client can connect.
     *
     * @throws Exception if it cannot listen; the message names the address and the remedy
     */
    void open() throws Exception;

    /** Returns where it can be reached, such as {@code http://localhost:8080}. It is called once, after the opening. */
    List<String> urls();

    /** Returns the count of its requests in flight. It is called once, after the opening. */
    InFlight inFlight();

    /**
     * Returns requests that are being served, the oldest first, for reports on what a shutdown waits for. Does not block.
     *
     * @param limit the most that are returned
     */
    default List<RequestInFlight> requests(int limit) {
        return List.of();
    }

    /**
     * Returns whether clients can connect now. While a listener that was opened and not closed cannot, for example because it
     * lost its socket, the instance is not ready. It is called every few seconds; must not block.
     */
    default boolean isAccepting() {
        return true;
    }

    /**
     * From now on, asks clients with each answer to close their connections; all requests are still served in full.
     * Must not block.
     */
    void announceStop();

    /**
     * Stops accepting connections, serves the requests in flight and those that still arrive on open connections, and
     * returns when no request is left or the deadline has passed.
     *
     * @throws InterruptedException if the shutdown cannot wait any longer
     */
    void drain(Deadline deadline) throws InterruptedException;

    /**
     * Closes open connections, by force if necessary. Requests that it cuts off are counted by {@link InFlight#failed}.
     * It may be called without {@link #drain} before.
     */
    void close();
}
