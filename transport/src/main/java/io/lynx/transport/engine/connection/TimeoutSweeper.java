package io.lynx.transport.engine.connection;

import io.lynx.extension.UserCode;
import io.lynx.transport.LogThread;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enforces the time limits of an event loop's connections and of the work that outlives its answer, all of them together and
 * periodically. A limit is kept to a tenth and costs a request nothing. Only streams whose limits are shorter than the time between
 * two checks are checked more often, on their own. Belongs to the event loop, unless a method says otherwise.
 */
public final class TimeoutSweeper {
    private static final Logger LOG = LoggerFactory.getLogger(TimeoutSweeper.class);
    /** The time between two checks of streams with short limits. */
    private static final long SHORT_INTERVAL = Duration.ofMillis(10).toNanos();

    private final EventLoop loop;
    private final ListenerState state;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Set<VertxStream> hurried = new LinkedHashSet<>();
    private boolean isHurrying;
    // Written by the event loop.
    private volatile boolean scheduled;
    private volatile long dueAt;

    TimeoutSweeper(EventLoop loop, ListenerState state) {
        this.loop = loop;
        this.state = state;
    }

    void add(Connection connection) {
        connections.add(connection);
        schedule();
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** Checks a stream that has a short limit every 10 ms until its answer has begun. */
    void hurry(VertxStream stream) {
        hurried.add(stream);
        hurryOn();
    }

    private void hurryOn() {
        if (!isHurrying && !hurried.isEmpty()) {
            isHurrying = true;
            state.timer().after(SHORT_INTERVAL, loop, this::checkHurried);
        }
    }

    private void checkHurried() {
        isHurrying = false;
        long now = state.now();
        for (VertxStream stream : new ArrayList<>(hurried)) {
            try {
                if (!stream.isAnswering()) {
                    stream.check(now);
                }
            } catch (Throwable failure) {
                failed(failure);
            }
        }
        hurried.removeIf(VertxStream::isAnswering);
        hurryOn();
    }

    /** A protocol that has started later may want earlier checks than those that are scheduled. */
    private void schedule() {
        long interval = state.checkInterval();
        long due = state.now() + interval;
        if (!scheduled || due - dueAt < 0) {
            scheduled = true;
            dueAt = due;
            state.timer().after(interval, loop, () -> sweep(due));
        }
    }

    private void sweep(long due) {
        if (due != dueAt) {
            return;
        }
        scheduled = false;
        if (!connections.isEmpty() || !state.unfinished().isEmpty()) {
            schedule();
        }
        long now = state.now();
        for (Connection connection : new ArrayList<>(connections)) {
            try {
                connection.check(now);
            } catch (Throwable failure) {
                failed(failure);
            }
        }
        for (CountedStream stream : state.unfinished()) {
            try {
                stream.checkUnfinished(loop, now);
            } catch (Throwable failure) {
                failed(failure);
            }
        }
    }

    /** A check that fails, for want of a class for example, keeps none of the others from being made. */
    private void failed(Throwable failure) {
        UserCode.rethrowIfFatal(failure);
        if (state.logs().acquire("check failed") >= 0) {
            LogThread.write(() -> LOG.atWarn()
                    .setCause(UserCode.loggable(failure))
                    .log("Time limits of a connection could not be checked and are checked again; further failures"
                            + " within a minute are not logged"));
        }
    }

    /** Returns for how long the event loop has not run the checks that are due; negative if none are. Any thread. */
    public long overdue(long now) {
        return scheduled ? now - dueAt : -1;
    }

    public EventLoop loop() {
        return loop;
    }
}
