package io.lynx.jdbc;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.time.Deadline;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.time.TimedWait;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 *   running ──deadline, cancellation, time-out, shutdown──▶ cancelled ──grace──▶ aborted
 *
 * The thread that executes the statement calls end(); the watch calls all else. A cancellation that arrives late hits the next statement
 * of its connection. So a cancellation is not sent after the end, and the end waits for one that is being sent. Both are bounded: a
 * cancellation that takes longer than SENDING may arrive at any time later, so its connection is closed and not used again.
 */

/** One call of the database, while it runs. */
final class Execution {
    /** Why an execution is cancelled. */
    enum Reason {
        /** The request that it is for is over. */
        REQUEST,
        /** It exceeds the time limit of statements. */
        TIMEOUT,
        /** The application shuts down. */
        SHUTDOWN
    }

    /** How long sending a cancellation may take. */
    static final Duration SENDING = Duration.ofSeconds(1);
    /** How long the server may take to end a cancelled statement. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final StatementKind kind;
    private final @Nullable Statement statement;
    private final ManagedConnection connection;
    private final RequestContext context = RequestContext.current();
    private final @Nullable Deadline deadline;
    private final Span span;
    private final Ticker ticker;
    private final long startedAt;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean hasEnded;
    private volatile @Nullable Reason reason;
    private volatile long cancelledAt;
    private volatile boolean isAborted;
    /** The thread that sends the cancellation, while it does. */
    private volatile @Nullable Thread sender;
    /** Completes when the cancellation has been sent; null if none is being sent. */
    private volatile @Nullable CompletableFuture<@Nullable Void> sent;

    /**
     * Begins an execution.
     *
     * @param statement what is cancelled; null for a call that cannot be, such as a commit
     * @param connection what is aborted
     */
    Execution(
            StatementKind kind, @Nullable Statement statement, ManagedConnection connection, Span span, Ticker ticker) {
        this.kind = kind;
        this.statement = statement;
        this.connection = connection;
        this.deadline = context.deadline().orElse(null);
        this.span = span;
        this.ticker = ticker;
        this.startedAt = ticker.nanos();
    }

    StatementKind kind() {
        return kind;
    }

    long startedAt() {
        return startedAt;
    }

    Span span() {
        return span;
    }

    /** Returns why the execution should be cancelled now; null if it should not, or has been. */
    @Nullable
    Reason overdue(long now, long limit) {
        if (reason != null || hasEnded) {
            return null;
        }
        // A commit that was sent may have taken effect: it is waited for, whatever becomes of the request.
        if (statement != null && ((deadline != null && deadline.isExpired()) || context.isCancelled())) {
            return Reason.REQUEST;
        }
        return now - startedAt > limit ? Reason.TIMEOUT : null;
    }

    /** Returns whether the cancellation cannot be sent, or the server has not followed it in time. */
    boolean ignoresCancellation(long now) {
        Duration limit = sender == null ? GRACE : SENDING;
        return reason != null && !isAborted && !hasEnded && now - cancelledAt > limit.toNanos();
    }

    /** Notes that it is being cancelled; returns false if it has ended or is being cancelled already. */
    boolean claim(Reason why, long now) {
        lock.lock();
        try {
            if (hasEnded || reason != null) {
                return false;
            }
            cancelledAt = now;
            reason = why;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the statement at the server. May take as long as a connection to it; {@link #abort} and {@link #end} interrupt it. */
    void cancel() throws SQLException {
        Statement running = statement;
        CompletableFuture<@Nullable Void> ending = new CompletableFuture<>();
        if (running == null || !beginSending(ending)) {
            return;
        }
        long began = ticker.nanos();
        boolean isPrompt = false;
        try {
            running.cancel();
            isPrompt = ticker.nanos() - began <= SENDING.toNanos();
        } finally {
            sender = null;
            if (!isPrompt) {
                // Drivers hide that their time for it was over; the server may still receive it.
                connection.breaks();
            }
            boolean _ = ending.complete(null);
        }
    }

    private boolean beginSending(CompletableFuture<@Nullable Void> ending) {
        lock.lock();
        try {
            if (hasEnded || isAborted) {
                return false;
            }
            sent = ending;
            sender = Thread.currentThread();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void interruptSender() {
        Thread sending = sender;
        if (sending != null) {
            sending.interrupt();
        }
    }

    /** Closes the connection below the execution, without a message to the server; returns false if it has ended. */
    boolean abort() {
        lock.lock();
        try {
            if (hasEnded || isAborted) {
                return false;
            }
            isAborted = true;
            connection.breaks();
        } finally {
            lock.unlock();
        }
        interruptSender();
        connection.abortRaw();
        return true;
    }

    /** Ends it. Waits for a cancellation that is being sent, at most {@link #SENDING}; then its connection is closed. */
    void end(Scheduler scheduler) {
        lock.lock();
        try {
            hasEnded = true;
        } finally {
            lock.unlock();
        }
        CompletableFuture<@Nullable Void> sending = sent;
        if (sending == null) {
            return;
        }
        if (!isAborted && !isSent(sending, scheduler)) {
            connection.breaks();
            interruptSender();
        }
        if (connection.isBroken()) {
            connection.abortRaw();
        }
    }

    private boolean isSent(CompletableFuture<@Nullable Void> sending, Scheduler scheduler) {
        try {
            return sending.isDone() || TimedWait.await(sending, Deadline.after(SENDING, ticker), scheduler);
        } catch (InterruptedException cutOff) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns whether the database did not answer until its connection was closed. */
    boolean isWithoutAnswer() {
        return isAborted && reason != Reason.SHUTDOWN;
    }

    /** Returns what the caller receives for a failure: one that says why, if the execution was cancelled. */
    SQLException explain(SQLException failure, Duration limit, String key) {
        return switch (reason) {
            case null -> failure;
            case REQUEST -> new StatementCancelledException(kind.name(), failure);
            case TIMEOUT ->
                new SQLTimeoutException(
                        "statement '" + kind.name() + "' exceeded " + limit.toMillis() + "ms (" + key + ")",
                        failure.getSQLState(),
                        failure.getErrorCode(),
                        failure);
            case SHUTDOWN ->
                new SQLTimeoutException(
                        "statement '" + kind.name() + "' was cancelled by the shutdown",
                        failure.getSQLState(),
                        failure.getErrorCode(),
                        failure);
        };
    }
}
