package io.lynx.http.websocket;

import io.lynx.http.ClientGoneException;
import io.lynx.http.DrainCallback;
import io.lynx.http.Request;
import java.util.Iterator;
import java.util.Optional;

/**
 * An open connection to a client, over which both send messages (RFC 6455). Its handler receives, usually by iterating over the
 * messages, until the socket is closed:
 *
 * <pre>{@code
 * http.webSocket("/chat/{room}", socket -> {
 *     for (WebSocketMessage message : socket) {
 *         socket.send("you said " + message.text());
 *     }
 * });
 * }</pre>
 *
 * <p>Pings are answered and sent by the server. Receive in every handler, also in one that only sends: while messages wait to be
 * received, nothing more is read from the client, its pings and its closing included. Thread-safe: several threads may send.
 */
public interface WebSocket extends Iterable<WebSocketMessage> {
    /** Returns the request that has opened the socket, with its path, its query, its headers and its cookies. */
    Request request();

    /** Returns the subprotocol that was agreed with the client; empty if none was. */
    Optional<String> subprotocol();

    /**
     * Waits for the next message.
     *
     * @return empty if there is none any more: the client, the server or {@link #close} has closed the socket, or the connection was
     *     lost
     * @throws InterruptedException if the thread is interrupted, as in the course of a shutdown
     */
    Optional<WebSocketMessage> receive() throws InterruptedException;

    /**
     * Returns the messages, the next of which {@code hasNext} waits for. It ends when {@link #receive} returns nothing, and when the
     * thread is interrupted, whose flag is set then.
     */
    @Override
    Iterator<WebSocketMessage> iterator();

    /**
     * Sends text. It waits while the client is slow; a client that takes nothing for the server's {@code stall_timeout} is
     * disconnected.
     *
     * @throws ClientGoneException if the client or the server has closed the socket; a handler lets it pass
     * @throws IllegalStateException if {@link #close} has closed it
     */
    void send(String text);

    /** Sends bytes, as {@link #send(String)} sends text. The array must not be changed afterwards. */
    void send(byte[] bytes);

    /**
     * Sends a value as JSON; see {@link #send(String)}.
     *
     * @throws IllegalArgumentException if it cannot be written as JSON
     */
    void json(Object value);

    /**
     * Sends text without waiting, for messages that go to many clients. A client for which more than the configured number of bytes
     * wait already is disconnected.
     *
     * @return whether the socket accepted the message; false if it is closed, by this call or before
     */
    boolean offer(String text);

    /** Sends bytes without waiting, as {@link #offer(String)} sends text. The array must not be changed afterwards. */
    boolean offer(byte[] bytes);

    /** Closes the socket with 1000. */
    default void close() {
        close(CloseStatus.NORMAL, "");
    }

    /**
     * Closes the socket. What was sent still reaches the client; what it has sent is not received any more. It does not wait for the
     * client, and has no effect on a socket that is closed.
     *
     * @param code 1000, a code of the application (4000 to 4999), or another one that may be sent
     * @param reason for the client; cut to 123 bytes of UTF-8
     * @throws IllegalArgumentException if the code may not be sent
     */
    void close(int code, String reason);

    /**
     * Returns whether neither end has closed it. After the client has, the handler may still answer what it had sent before, until it
     * receives that there is nothing more.
     */
    boolean isOpen();

    /**
     * Returns how the socket was closed, by whichever end was the first; empty while it is open. The code is 1005 if the client gave
     * none, and 1006 if the connection was lost.
     */
    Optional<CloseStatus> closeStatus();

    /**
     * Sets what receives the beginning of the server's shutdown. It closes the socket itself, in its share of the time. Without it, the
     * socket is closed with 1001 at once.
     */
    void onDrain(DrainCallback callback);
}
