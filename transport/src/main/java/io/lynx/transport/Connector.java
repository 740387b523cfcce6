package io.lynx.transport;

import java.net.InetSocketAddress;

/** Opens connections to servers, on event loops of an {@link Engine}. No thread starts before the first one. Thread-safe. */
public interface Connector extends AutoCloseable {
    /**
     * Starts to connect.
     *
     * @param address resolved
     * @param serverName the name that the server's certificate must have, if TLS is configured
     * @param listener receives the outcome
     * @return ends the attempt if it has not ended; then the listener is not called any more
     * @throws IllegalStateException if the connector is closed
     */
    Connecting connect(InetSocketAddress address, String serverName, ConnectionListener listener);

    /** Closes every connection; calls in flight fail. Idempotent. */
    @Override
    void close();

    /** Returns whether the calling thread runs an event loop, which must not wait for a call. */
    boolean isEventLoop();

    /** An attempt to connect. */
    @FunctionalInterface
    interface Connecting {
        /** Ends the attempt. */
        void cancel();
    }

    /** Receives what happens to one connection, on its event loop; must not block. */
    interface ConnectionListener {
        /** Calls can be made. */
        void connected(OutgoingConnection connection);

        /** There is no connection. */
        void connectFailed(OutgoingException failure);

        /** The number of calls that the connection takes at a time has changed. */
        void capacityChanged();

        /** The connection is closed; called once, after {@link #connected}. */
        void closed();
    }
}
