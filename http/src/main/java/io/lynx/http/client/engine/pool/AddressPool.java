package io.lynx.http.client.engine.pool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.OutgoingConnection;
import io.lynx.transport.OutgoingException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one address. A call takes the connection that was used last; if none is free it opens one, and at the limit
 * it waits in line. A thread that opens a connection does so for its own call. Thread-safe; its lock is never held while anything
 * is waited for.
 */
public final class AddressPool {
    private final ConnectionOpener opener;
    private final String text;
    private final ClientLimits limits;
    private final Ticker ticker;
    private final Scheduler scheduler;

    @GuardedBy("this")
    private final FreeConnections free = new FreeConnections();

    @GuardedBy("this")
    private final OpenConnections open;

    @GuardedBy("this")
    private final Deque<WaitingCall> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private boolean isSweeping;

    @GuardedBy("this")
    private boolean isClosed;

    public AddressPool(ConnectionOpener opener, Ticker ticker, Scheduler scheduler) {
        this.opener = opener;
        this.text = opener.text();
        this.limits = opener.limits();
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.open = new OpenConnections(limits);
    }

    public InetSocketAddress address() {
        return opener.address();
    }

    public String text() {
        return text;
    }

    /**
     * Returns a connection for one call; {@link #release} follows.
     *
     * @param isFresh whether it must be one that has carried no call
     */
    public PooledConnection acquire(CallTime time, boolean isFresh, CallFailures failures) throws InterruptedException {
        WaitingCall call = new WaitingCall(time.parkedThread());
        request(call, isFresh, failures);
        if (!call.isServed()) {
            await(call, time, failures);
        }
        PooledConnection taken = call.taken;
        return taken == null ? opener.open(this, time, failures) : taken;
    }

    /** Returns a free connection for one call without waiting; null if there is none. {@link #release} follows. */
    public synchronized @Nullable PooledConnection poll() {
        return isClosed ? null : free.take();
    }

    /** Serves a call at once if that is possible, and lets it wait in line otherwise. */
    private synchronized void request(WaitingCall call, boolean isFresh, CallFailures failures) {
        if (isClosed) {
            throw failures.closed();
        }
        PooledConnection known = isFresh ? null : free.take();
        if (known != null) {
            call.taken = known;
            return;
        }
        if (isFresh && open.hasMost()) {
            // A connection that was used before gives way to a new one.
            PooledConnection oldest = free.closeOldest();
            boolean _ = oldest != null && open.remove(oldest);
        }
        if (!open.isFull()) {
            open.begin();
            call.mayOpen = true;
        } else if (waiting.size() >= limits.maxWaiting()) {
            throw failures.queueFull(text);
        } else {
            waiting.addLast(call);
        }
    }

    private void await(WaitingCall call, CallTime time, CallFailures failures) throws InterruptedException {
        CallTime wait = time.atMost(limits.maxWait(), TimeLimitKind.CONNECT);
        boolean isServed = false;
        try {
            isServed = call.thread.await(call::isServed, wait.end());
        } finally {
            if (!isServed) {
                withdraw(call);
            }
        }
        OutgoingException failure = call.failure;
        if (failure != null) {
            throw failures.failed(failure, text);
        }
        if (call.isRefused) {
            throw failures.closed();
        }
        if (!isServed) {
            if (wait.passed() != TimeLimitKind.CONNECT) {
                throw failures.timedOut(time);
            }
            throw isConnected() ? failures.busy(limits.maxConnections(), text) : failures.unconnected(text);
        }
    }

    private synchronized boolean isConnected() {
        return !open.isEmpty();
    }

    /** Passes on what the call got although it does not wait any more. */
    private synchronized void withdraw(WaitingCall call) {
        boolean _ = waiting.remove(call);
        PooledConnection taken = call.taken;
        if (taken != null) {
            release(taken);
        } else if (call.mayOpen) {
            open.end();
            serveNext();
        }
    }

    /** The thread that opens a connection has stopped waiting. */
    synchronized void abandon(PooledConnection opened) {
        if (opened.connection != null) {
            // It was established at the last moment.
            opened.calls--;
            offer(opened);
        } else if (opened.failure == null) {
            opened.isAbandoned = true;
            open.end();
            serveNext();
        }
    }

    void opened(PooledConnection pooled, OutgoingConnection established) {
        if (!adopt(pooled, established)) {
            established.close();
        }
        pooled.finish();
    }

    private synchronized boolean adopt(PooledConnection pooled, OutgoingConnection established) {
        if (pooled.isAbandoned) {
            return false;
        }
        open.established(pooled, established.capacity());
        pooled.connection = established;
        pooled.calls = 1;
        pooled.idleSince = ticker.nanos();
        offer(pooled);
        serveAll();
        return true;
    }

    void failed(PooledConnection pooled, OutgoingException failure) {
        synchronized (this) {
            if (!pooled.isAbandoned) {
                open.end();
                pooled.failure = failure;
                if (open.isFirst()) {
                    // They waited for this connection; each would otherwise fail on its own, one after the other.
                    waiting.forEach(call -> call.fail(failure));
                    waiting.clear();
                } else {
                    serveNext();
                }
            }
        }
        pooled.finish();
    }

    synchronized void closed(PooledConnection pooled) {
        free.remove(pooled);
        if (open.remove(pooled)) {
            serveNext();
        }
    }

    synchronized void capacityChanged(PooledConnection pooled) {
        if (pooled.free() > 0 && !isClosed) {
            open.add(pooled);
        }
        offer(pooled);
    }

    /** The call on a connection has ended. */
    public synchronized void release(PooledConnection pooled) {
        pooled.calls--;
        pooled.carried++;
        pooled.idleSince = ticker.nanos();
        offer(pooled);
    }

    /** Gives what a connection has free to the calls that wait, and keeps the rest. */
    @GuardedBy("this")
    private void offer(PooledConnection pooled) {
        if (isClosed) {
            if (pooled.calls == 0) {
                FreeConnections.close(pooled);
            }
            return;
        }
        if (pooled.takesNone()) {
            // Its calls end on it while others use its place.
            free.remove(pooled);
            if (pooled.calls == 0) {
                FreeConnections.close(pooled);
            }
            if (open.remove(pooled)) {
                serveNext();
            }
            return;
        }
        for (int left = pooled.free(); left > 0; left--) {
            WaitingCall next = waiting.pollFirst();
            if (next == null) {
                free.add(pooled);
                sweepLater();
                return;
            }
            next.take(pooled);
        }
    }

    /** If there is room for another connection, the call that has waited longest opens it. */
    @GuardedBy("this")
    private void serveNext() {
        WaitingCall next = open.isFull() ? null : waiting.pollFirst();
        if (next != null) {
            open.begin();
            next.open();
        }
    }

    /** Several calls may have waited until one connection was open. */
    @GuardedBy("this")
    private void serveAll() {
        while (limits.mayMultiplex() && !waiting.isEmpty() && !open.isFull()) {
            serveNext();
        }
    }

    @GuardedBy("this")
    private void sweepLater() {
        if (isSweeping) {
            return;
        }
        try {
            Scheduler.Scheduled _ = scheduler.after(limits.idleTimeout(), this::sweep);
            isSweeping = true;
        } catch (RejectedExecutionException closing) {
            // The application ends, and the client with it.
        }
    }

    private synchronized void sweep() {
        isSweeping = false;
        free.closeIdleBefore(ticker.nanos() - limits.idleTimeout().toNanos());
        if (!free.isEmpty()) {
            sweepLater();
        }
    }

    /** Closes the connections that are free, and the others when their calls end. Calls that wait are refused. */
    public synchronized void close() {
        isClosed = true;
        free.close();
        waiting.forEach(WaitingCall::refuse);
        waiting.clear();
    }

    /** Returns the numbers of connections that carry calls and that do not, and of calls that wait. */
    public synchronized Counts counts() {
        int idle = free.idle();
        return new Counts(open.size() - idle, idle, waiting.size());
    }

    /** Connections and calls at one moment. */
    public record Counts(int active, int idle, int waiting) {}
}
