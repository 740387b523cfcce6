package io.lynx.plugin;

import io.lynx.time.Deadline;
import java.util.List;

/**
 * Something that lets requests in: an HTTP or gRPC server. A plugin registers it by {@link PluginContext#traffic}; the
 * application then opens it after every plugin has started and takes it through the drain before any plugin stops. The
 * calls come in the order of the methods here, each at most once for an opening, from the application's own threads.
 */
public interface TrafficListener {
    /** A short name for logs and reports, such as {@code http}. */
    String name();

    /**
     * Starts to accept. Returns when a client can connect.
     *
     * @throws Exception if it cannot listen; the message names the address and the remedy
     */
    void open() throws Exception;

    /** Where it can be reached, such as {@code http://localhost:8080}; empty while it is not open. */
    List<String> urls();

    /** What it is serving. */
    InFlight inFlight();

    /**
     * Returns requests that are being served, the oldest first, for reports on what a shutdown waits for. Does not block.
     *
     * @param limit the most that are returned
     */
    default List<RequestInFlight> requests(int limit) {
        return List.of();
    }

    /** The stop was announced: clients are told to leave as they come by, and all are served in full. Does not block. */
    void announceStop();

    /**
     * Stops accepting, serves what is in flight and what still arrives on open connections, and returns when nothing is
     * left or the deadline has passed.
     *
     * @throws InterruptedException if the stop cannot wait any longer
     */
    void drain(Deadline deadline) throws InterruptedException;

    /**
     * Closes what is still open, by force if need be; requests cut off here are counted by {@link InFlight#failed}.
     * Without {@link #drain} before it, this is the abrupt end.
     */
    void close();
}
