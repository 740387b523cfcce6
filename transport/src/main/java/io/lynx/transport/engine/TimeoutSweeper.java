package io.lynx.transport.engine;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Enforces the time limits of an event loop's connections and of the work that outlives its answer, all of them together and
 * periodically. A limit is kept to a tenth and costs a request nothing. Belongs to the event loop.
 */
final class TimeoutSweeper {
    private final EventLoop loop;
    private final ListenerState state;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private boolean scheduled;
    private long dueAt;

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
            connection.check(now);
        }
        for (CountedStream stream : state.unfinished()) {
            stream.checkUnfinished(loop, now);
        }
    }
}
