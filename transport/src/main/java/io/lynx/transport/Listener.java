package io.lynx.transport;

import io.lynx.config.AddressRange;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.RequestInFlight;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** An address that accepts connections and passes their requests to protocols. Thread-safe; it can be opened once. */
public interface Listener {
    /**
     * Starts to accept; returns when a client can connect.
     *
     * @throws IOException if it cannot listen; the message names the configuration key and the remedy
     * @throws InterruptedException if interrupted while waiting
     * @throws IllegalStateException if it was opened before
     */
    void open() throws IOException, InterruptedException;

    /** The port it listens on; 0 while it is not open. */
    int port();

    /** Returns whether its connections use TLS. */
    boolean isSecure();

    /** The streams being served. */
    InFlight inFlight();

    /** The requests in flight, the oldest first, at most {@code limit}; long-lived streams are left out. Does not block. */
    List<RequestInFlight> requests(int limit);

    /** Its address and its limits. */
    ListenerConfig config();

    /** The proxies that are believed what they tell of their clients. */
    List<AddressRange> trustedProxies();

    /** How many connections are open. */
    int openConnections();

    /** How many connections were accepted since it opened, those refused included. */
    long acceptedConnections();

    /** How many connections were closed as they were accepted because there were too many. */
    long refusedConnections();

    /** The certificates that it uses; empty without TLS, and before it opens. */
    Optional<CertificateStatus> certificates();

    /** Returns whether its socket is open, so that clients can connect. */
    boolean isAccepting();

    /** Asks clients to leave as they come by, and goes on serving them. Does not block. */
    void announceStop();

    /**
     * Stops accepting, serves what is in flight and what still arrives on open connections, and returns when no connection
     * is open and no work is left, or the deadline has passed. Long-lived streams get half of the time.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    void drain(Deadline deadline) throws InterruptedException;

    /**
     * Closes what is still open. Streams cut off here are counted as {@linkplain InFlight#failed failed}, long-lived ones as
     * {@linkplain io.lynx.plugin.LongLived#ended ended}. Idempotent.
     */
    void close();
}
