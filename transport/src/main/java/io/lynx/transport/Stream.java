package io.lynx.transport;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request and the channel for its answer. Thread-safe: methods may be called from any thread unless they say otherwise. But
 * the answer is written by one thread at a time: head, pieces, end.
 *
 * <p>A stream is in flight from the moment its head was read until its answer has ended and its work is
 * {@linkplain #workDone done}.
 */
public interface Stream {
    /** The head of the request. */
    Head head();

    /** The address that the client, or the proxy before it, connects from. */
    InetSocketAddress peer();

    /** What the proxy that opened the connection tells of its client; null if the listener does not expect the PROXY protocol. */
    @Nullable
    ProxyHeader proxyHeader();

    /** The address of this end of the connection. */
    InetSocketAddress local();

    /** The certificate of the client, followed by its chain; empty if the client has not shown one. */
    List<X509Certificate> clientCertificates();

    /** The reading of the listener's ticker when the head had been read. */
    long startedAt();

    /** Identifies the connection: the same object for each of its streams, compared by identity. */
    Object connection();

    /** Sets what receives the stream's events. Called once, by {@link StreamHandler#handle}. */
    void listen(StreamListener listener);

    /** Runs {@code task} on the event loop: at once if the caller is on it. */
    void onEventLoop(Runnable task);

    /**
     * Runs {@code task} on a new virtual thread. The threads of one turn of the event loop are started together. Only on the
     * event loop.
     */
    void dispatch(Runnable task);

    /**
     * Announces by when the answer must begin, in nanoseconds from now. If that is less than the time between two {@linkplain
     * StreamListener#check checks}, the stream is checked every 10 ms until its answer has begun. Only on the event loop.
     */
    void announceLimit(long nanos);

    // The body.

    /** Returns whether the head announces a body. With HTTP/2, only the frames behind the head tell; then this is true. */
    boolean hasBody();

    /** Begins to read the body. Only on the event loop, in {@link StreamHandler#handle}. */
    void read(BodyListener listener);

    /** Stops reading until {@link #resume}. */
    void pause();

    /** Continues to read. */
    void resume();

    /** Sends {@code 100 Continue}. Only on the event loop, before the answer begins. */
    void writeContinue();

    /** Returns whether the whole body has been read, or there is none. */
    boolean isBodyRead();

    // The answer.

    /**
     * Sets the head of the answer; it is sent with what follows. Date, framing and connection headers are added here.
     *
     * @param headers name, value, name, value…
     * @param length of the body; -1 if unknown
     * @param hasBody whether pieces of a body may follow; false for an answer that consists of its head
     */
    void answer(int status, List<String> headers, long length, boolean hasBody);

    /** Writes a piece of the body. The array must not be changed afterwards. */
    void write(byte[] bytes, int offset, int length, WriteListener listener);

    /** Completes the answer. */
    void end();

    /** Completes the answer with this piece. The array must not be changed afterwards. */
    void end(byte[] bytes);

    /**
     * Completes the answer with this piece, followed by trailers. Only with HTTP/2.
     *
     * @param bytes the piece, which must not be changed afterwards
     * @param trailers name in lower case, value, name, value…
     */
    void end(byte[] bytes, List<String> trailers);

    /** Closes the connection when the answer has ended; has no effect with HTTP/2. */
    void closeAfterAnswer();

    /**
     * Ends the stream before its answer is complete: the HTTP/2 stream is reset, an HTTP/1 connection is closed. Has no effect
     * once the answer has ended.
     */
    void abort();

    /** Nothing runs for this stream any more. Idempotent. */
    void workDone();

    // Streams that do not end like a request.

    /**
     * Makes this a long-lived stream, such as server-sent events or a WebSocket: it leaves the count of requests in flight and
     * is counted as {@linkplain io.lynx.plugin.LongLived long-lived}, and a drain does not wait for it but ends it.
     *
     * @param drain receives the drain; at once if it has begun
     * @return whether it did; false if there are as many as the listener allows, or the stream has ended: then answer with 503
     * @throws IllegalStateException if it is a long-lived stream already
     */
    boolean longLived(DrainListener drain);

    /**
     * Switches an HTTP/1.1 connection to another protocol (RFC 9110, 7.8): sends {@code 101 Switching Protocols}. Afterwards
     * {@link #write}, {@link #end}, {@link #pause} and {@link #resume} apply to the bytes of the connection in both directions,
     * and {@link #end} closes it. The stream counts as in flight until then; most protocols make it {@linkplain #longLived
     * long-lived} first. What the client has sent behind the request is received too, afterwards. Only on the event loop, in {@link
     * StreamHandler#handle} or later.
     *
     * @param protocol one that the request {@linkplain Head#offersUpgrade offers}
     * @param headers of the answer: name, value, name, value…
     * @param incoming receives what the client sends; {@link BodyListener#completed} if it finishes sending
     * @throws IllegalStateException if the request does not offer the protocol, its body has not been read, it announces the end of
     *     the connection, or the answer has begun
     */
    void upgrade(String protocol, List<String> headers, BodyListener incoming);

    /** Receives the outcome of one write. It is called on the event loop of its stream, and must not block. */
    @FunctionalInterface
    interface WriteListener {
        /** The operating system has taken the bytes, or it cannot because the client is gone. */
        void written(boolean succeeded);
    }
}
