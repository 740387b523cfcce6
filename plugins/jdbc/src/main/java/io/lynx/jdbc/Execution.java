package io.lynx.jdbc;

import io.lynx.context.RequestContext;
import io.lynx.context.Span;
import io.lynx.plugin.external.Use;
import io.lynx.time.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 *   running ──deadline, cancellation, time-out, shutdown──▶ cancelled ──grace──▶ aborted
 *
 * The thread that executes the statement calls end(); all else is called by the watch. A cancellation and the end exclude each other:
 * a cancellation that came late would hit the next execution of the same statement.
 */

/** One execution of a statement, while it runs. */
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

    private final StatementKind kind;
    private final @Nullable Statement statement;
    private final Connection connection;
    private final Use use;
    private final RequestContext context = RequestContext.current();
    private final @Nullable Deadline deadline;
    private final Span span;
    private final long startedAt;
    private final ReentrantLock ending = new ReentrantLock();
    private volatile boolean hasEnded;
    private volatile @Nullable Reason reason;
    private volatile long cancelledAt;
    private volatile boolean isAborted;

    /**
     * Begins an execution.
     *
     * @param statement what is cancelled; null for a commit, which cannot be
     * @param connection what is aborted
     */
    Execution(
            StatementKind kind,
            @Nullable Statement statement,
            Connection connection,
            Use use,
            Span span,
            long startedAt) {
        this.kind = kind;
        this.statement = statement;
        this.connection = connection;
        this.use = use;
        this.deadline = context.deadline().orElse(null);
        this.span = span;
        this.startedAt = startedAt;
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

    Use use() {
        return use;
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

    /** Returns whether the server has ignored the cancellation for that long. */
    boolean ignoresCancellation(long now, long grace) {
        return reason != null && !isAborted && !hasEnded && now - cancelledAt > grace;
    }

    /** Notes that it is being cancelled; returns false if it has ended or is being cancelled already. */
    boolean claim(Reason why, long now) {
        ending.lock();
        try {
            if (hasEnded || reason != null) {
                return false;
            }
            cancelledAt = now;
            reason = why;
            return true;
        } finally {
            ending.unlock();
        }
    }

    /** Cancels the statement at the server. May take as long as a connection to it. */
    void cancel() throws SQLException {
        Statement running = statement;
        if (running == null) {
            return;
        }
        ending.lock();
        try {
            if (!hasEnded) {
                running.cancel();
            }
        } finally {
            ending.unlock();
        }
    }

    /** Closes the connection below the execution, without a word to the server. */
    void abort() throws SQLException {
        isAborted = true;
        connection.unwrap(Connection.class).abort(Runnable::run);
    }

    /** Ends it; a cancellation that is being sent is waited for. */
    void end() {
        ending.lock();
        try {
            hasEnded = true;
        } finally {
            ending.unlock();
        }
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
