package io.lynx.http;

import java.util.Optional;

/**
 * An answer that consists of server-sent events; see {@link Response#events()}. It sends a comment when nothing else was sent for the
 * configured time, so that proxies keep the connection. It ends when it is closed, when its handler returns, when the client goes away
 * or does not read, and when the server shuts down. Thread-safe: events may come from several threads.
 */
public interface EventStream extends AutoCloseable {
    /** Returns the id of the last event that a client which reconnects has received; empty if it names none. */
    Optional<String> lastEventId();

    /**
     * Sends an event. It waits while the client is slow.
     *
     * @throws ClientGoneException if the stream has ended; a handler lets it pass
     * @throws IllegalArgumentException if the data cannot be written as JSON
     * @throws IllegalStateException if the stream was closed by {@link #close}
     */
    void send(ServerSentEvent event);

    /** Sends an event with text; see {@link #send(ServerSentEvent)}. */
    default void send(String data) {
        send(ServerSentEvent.of(data));
    }

    /**
     * Sends an event without waiting, for events that go to many clients. If more than the configured number of bytes wait for the client
     * already, it is disconnected; it can then reconnect with the id of the last event that it has received.
     *
     * @return whether the stream accepted the event; false if it has ended, by this call or before
     * @throws IllegalArgumentException if the data cannot be written as JSON
     */
    boolean offer(ServerSentEvent event);

    /**
     * Sends a comment, which clients ignore.
     *
     * @throws ClientGoneException if the stream has ended; a handler lets it pass
     * @throws IllegalStateException if the stream was closed by {@link #close}
     */
    void comment(String text);

    /** Returns whether the stream has not ended. */
    boolean isOpen();

    /**
     * Waits until the stream has ended: a handler whose events come from other threads calls it last.
     *
     * @throws InterruptedException if the thread is interrupted, as at the end of a shutdown
     */
    void awaitEnd() throws InterruptedException;

    /** Ends the stream. What was sent still reaches the client. */
    @Override
    void close();
}
