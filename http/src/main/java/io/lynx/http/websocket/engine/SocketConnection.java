package io.lynx.http.websocket.engine;

import io.lynx.http.engine.exchange.ProtocolSwitch;
import io.lynx.http.engine.exchange.SwitchedProtocol;
import io.lynx.http.engine.problem.RequestTimeLimit;
import io.lynx.http.engine.telemetry.SocketRecorder;
import io.lynx.http.websocket.CloseStatus;
import io.lynx.http.websocket.WebSocketException;
import io.lynx.http.websocket.WebSocketOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 *             ┌── close frame received ── messages before it handled: it is echoed ─┐
 *   OPEN ─────┼── close frame sent ── one received, or close_timeout is over ───────┼──▶ connection ended
 *             ├── violation, failure of the handler, goodbye: close frame sent ─────┘
 *             └── connection lost, client silent or too slow ────────────────────────▶ connection cut off (1006, or 1008)
 *
 * The first of these settles the status.
 */

/**
 * The connection of one socket: reads its frames, and closes it. What does not say otherwise belongs to the event loop.
 */
final class SocketConnection implements SwitchedProtocol, FrameSink {
    private final Inbox inbox;
    private final Outbox outbox;
    private final FrameReader reader;
    private final Liveness liveness;
    private final UnreadBytes unread = new UnreadBytes();
    private final long closeTimeout;
    private final SocketStatus status = new SocketStatus();
    private volatile @Nullable ProtocolSwitch connection;
    private volatile SocketRecorder recorder = SocketRecorder.NONE;
    private volatile boolean isClosedHere;
    private volatile boolean isOver;

    /** The close frame of the client that is not echoed yet, since the handler may answer the messages before it. */
    private volatile @Nullable CloseStatus unechoed;

    private boolean isPaused;

    SocketConnection(WebSocketOptions options, boolean isCompressible, MessageMemory memory) {
        this.inbox = new Inbox(memory);
        this.outbox = new Outbox(Math.toIntExact(options.maxPending().bytes()));
        this.reader = new FrameReader(options, isCompressible, memory, this);
        this.liveness = new Liveness(options);
        this.closeTimeout = RequestTimeLimit.nanos(options.closeTimeout());
    }

    @Override
    public void begun(ProtocolSwitch begun) {
        liveness.heard(begun.now());
        recorder = begun.recorder();
        connection = begun;
        status.begin(recorder, begun.now());
        outbox.begin(begun);
    }

    /** The connection, once it has switched. Any thread. */
    ProtocolSwitch begun() {
        return Objects.requireNonNull(connection, "switch");
    }

    /** A message was sent. Any thread. */
    void sent() {
        recorder.sent();
    }

    /** Where frames are sent. Any thread. */
    Outbox outbox() {
        return outbox;
    }

    // Reading.

    @Override
    public void received(byte[] bytes) {
        liveness.heard(begun().now());
        if (!isOver && !unread.addIfAny(bytes)) {
            read(bytes, 0);
        }
    }

    private void read(byte[] bytes, int from) {
        try {
            int at = reader.read(bytes, from);
            if (at < bytes.length) {
                unread.put(bytes, at);
                pause();
            }
        } catch (WebSocketException violation) {
            fail(violation);
        }
    }

    private void pause() {
        if (!isPaused) {
            isPaused = true;
            begun().pause();
        }
    }

    /** The handler has made room. */
    private void proceed() {
        liveness.heard(begun().now());
        liveness.restart();
        while (!unread.isEmpty() && !isFull() && !isOver) {
            read(unread.take(), unread.takenFrom());
        }
        if (isPaused && (unread.isEmpty() || isOver)) {
            isPaused = false;
            begun().resume();
        }
    }

    @Override
    public void message(boolean isText, boolean isCompressed, byte[] payload) {
        recorder.received();
        inbox.add(new Inbox.Entry(isText, isCompressed, payload));
    }

    @Override
    public void ping(byte[] payload) {
        outbox.pong(payload);
    }

    @Override
    public void closed(CloseStatus by) {
        boolean isFirst = settle(by);
        unechoed = by;
        if (!inbox.end() || !isFirst) {
            boolean _ = echo();
        }
    }

    /** Echoes the close frame of the client, unless there is none, and ends the connection behind it. */
    private boolean echo() {
        CloseStatus by = unechoed;
        if (by == null) {
            return false;
        }
        outbox.close(by);
        end();
        return true;
    }

    @Override
    public boolean isFull() {
        return inbox.isFull();
    }

    @Override
    public void inputEnded() {
        if (!isOver && unechoed == null) {
            cutOff(new CloseStatus(CloseStatus.ABNORMAL, ""));
        }
    }

    /** Waits for the next message; null if there is none any more. On the handler's thread. */
    Inbox.@Nullable Entry take() throws InterruptedException {
        Inbox.Entry next = inbox.take();
        if (next == null) {
            boolean _ = echo();
        } else if (inbox.hasMadeRoom()) {
            begun().onEventLoop(this::proceed);
        }
        return next;
    }

    // Time.

    @Override
    public void check(long now) {
        reader.checked();
        if (isOver) {
            return;
        }
        if (status.get() != null) {
            if (status.closedFor(now) >= closeTimeout && !echo()) {
                end();
            }
            return;
        }
        if (isPaused) {
            liveness.heard(now);
            liveness.restart();
            return;
        }
        switch (liveness.check(now, reader, begun().stallTimeout())) {
            case FINE -> {}
            case PING -> outbox.ping();
            case SILENT -> cutOff(new CloseStatus(CloseStatus.ABNORMAL, ""));
            case STALLED ->
                fail(new WebSocketException(CloseStatus.POLICY_VIOLATION, "the rest of a message does not arrive"));
        }
    }

    @Override
    public void drained() {
        outbox.drained();
    }

    // Closing. These may be called from any thread.

    /** Returns how the socket was closed; null while it is open. */
    @Nullable
    CloseStatus status() {
        return status.get();
    }

    /** Whether the handler has closed it. */
    boolean isClosedHere() {
        return isClosedHere;
    }

    private boolean settle(CloseStatus how) {
        ProtocolSwitch begun = connection;
        return status.close(how, begun == null ? 0 : begun.now());
    }

    /** Closes it for the handler. */
    void closeByHandler(CloseStatus how) {
        if (settle(how)) {
            isClosedHere = true;
        }
        close(how);
    }

    /** Sends a close frame, for which the client has its time to confirm it; what arrives until then is dropped. */
    void close(CloseStatus how) {
        boolean _ = settle(how);
        outbox.close(how);
        inbox.close();
        ProtocolSwitch begun = connection;
        if (unechoed != null) {
            end();
        } else if (begun != null) {
            begun.onEventLoop(this::proceed);
        }
    }

    /** Sends a close frame and ends the connection behind it. */
    void fail(WebSocketException failure) {
        CloseStatus how = new CloseStatus(failure.code(), Objects.requireNonNullElse(failure.getMessage(), ""));
        boolean _ = settle(how);
        outbox.close(how);
        boolean _ = inbox.end();
        end();
    }

    /** Drops the messages that have not been received. */
    void dropMessages() {
        inbox.close();
    }

    /** Ends the connection behind what was sent. */
    void end() {
        boolean isFirst;
        synchronized (this) {
            isFirst = !isOver;
            isOver = true;
        }
        ProtocolSwitch begun = connection;
        if (isFirst && begun != null) {
            begun.end();
            begun.onEventLoop(this::drop);
        }
    }

    private void drop() {
        reader.close();
        unread.clear();
        if (isPaused) {
            isPaused = false;
            begun().resume();
        }
    }

    /** A message could not be sent, which the event loop may not have noticed yet. */
    void lost() {
        boolean _ = settle(new CloseStatus(CloseStatus.ABNORMAL, ""));
    }

    /** Ends a connection whose client takes or sends nothing. */
    void cutOff(CloseStatus how) {
        boolean _ = settle(how);
        boolean _ = inbox.end();
        begun().abort();
    }

    @Override
    public void gone() {
        boolean _ = settle(new CloseStatus(CloseStatus.ABNORMAL, ""));
        outbox.lost();
        boolean _ = inbox.end();
        isOver = true;
        ProtocolSwitch begun = connection;
        if (begun != null) {
            begun.onEventLoop(this::drop);
        }
    }

    @Override
    public boolean goodbye() {
        CloseStatus how = new CloseStatus(CloseStatus.GOING_AWAY, "the server is shutting down");
        if (!outbox.tryClose(how)) {
            return false;
        }
        boolean _ = settle(how);
        inbox.close();
        end();
        return true;
    }

    @Override
    public void handled() {
        if (!echo()) {
            close(new CloseStatus(CloseStatus.NORMAL, ""));
        }
    }
}
