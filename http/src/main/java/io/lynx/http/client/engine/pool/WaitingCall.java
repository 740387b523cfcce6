package io.lynx.http.client.engine.pool;

import io.lynx.transport.OutgoingException;
import org.jspecify.annotations.Nullable;

/** A call that waits in line for a connection. The pool's lock guards what is written; its own thread reads it. */
final class WaitingCall {
    final ParkedThread thread;

    /** The connection that it got. */
    volatile @Nullable PooledConnection taken;

    /** Whether it may open a connection. */
    volatile boolean mayOpen;

    /** Whether the pool was closed. */
    volatile boolean isRefused;

    /** Why there is no connection. */
    volatile @Nullable OutgoingException failure;

    WaitingCall(ParkedThread thread) {
        this.thread = thread;
    }

    boolean isServed() {
        return taken != null || mayOpen || isRefused || failure != null;
    }

    void take(PooledConnection pooled) {
        pooled.calls++;
        taken = pooled;
        thread.wake();
    }

    void open() {
        mayOpen = true;
        thread.wake();
    }

    void fail(OutgoingException reason) {
        failure = reason;
        thread.wake();
    }

    void refuse() {
        isRefused = true;
        thread.wake();
    }
}
