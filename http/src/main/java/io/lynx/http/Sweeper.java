package io.lynx.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the time limits of an event loop's connections, all together and now and then: a limit is kept to a tenth,
 * and costs a request nothing. Belongs to the event loop.
 */
final class Sweeper {
    private final EventLoop loop;
    private final ListenerState state;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final long period;
    private @Nullable ScheduledFuture<?> sweeping;

    Sweeper(EventLoop loop, ListenerState state) {
        this.loop = loop;
        this.state = state;
        HttpConfig config = state.config();
        Duration shortest = Stream.of(
                        config.headerTimeout(), config.idleTimeout(), config.stallTimeout(), config.requestTimeout())
                .filter(limit -> !limit.isZero())
                .min(Duration::compareTo)
                .orElse(Duration.ofSeconds(10));
        this.period = Math.clamp(shortest.toMillis() / 10, 5, 1000);
    }

    void add(Connection connection) {
        connections.add(connection);
        if (sweeping == null) {
            sweeping = loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    private void sweep() {
        long now = state.now();
        for (Connection connection : new ArrayList<>(connections)) {
            connection.check(now);
        }
        ScheduledFuture<?> timer = sweeping;
        if (connections.isEmpty() && timer != null) {
            timer.cancel(false);
            sweeping = null;
        }
    }
}
