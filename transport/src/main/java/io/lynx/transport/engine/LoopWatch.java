package io.lynx.transport.engine;

import io.lynx.extension.watch.PeriodicTask;
import io.lynx.time.Scheduler;
import io.lynx.time.Ticker;
import io.lynx.transport.ListenerConfig;
import io.lynx.transport.LogThread;
import io.lynx.transport.engine.connection.ListenerState;
import io.lynx.transport.engine.connection.TimeoutSweeper;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names what blocks an event loop: a predicate, a protocol, or a handler that blocks although its route is declared non-blocking.
 * Nothing on that event loop can report it, since the time limits of its connections are not checked either. The watch runs on the
 * application's scheduler and reads only when the checks of each event loop were due.
 */
final class LoopWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int FRAMES = 12;

    private final ListenerConfig config;
    private final ListenerState state;
    private final @Nullable PeriodicTask inspections;
    /** The event loops that the last inspection found blocked; there is one inspection at a time. */
    private Map<EventLoop, Found> blocked = new HashMap<>();

    /** When a blocked event loop was first found, on the machine's clock: event loops do not run on manual time. */
    private record Found(long at, boolean isNamed) {}

    /**
     * Creates a watch.
     *
     * @param scheduler null for a listener that has none, whose event loops are not watched
     */
    LoopWatch(ListenerConfig config, ListenerState state, @Nullable Scheduler scheduler) {
        this.config = config;
        this.state = state;
        this.inspections =
                scheduler == null ? null : new PeriodicTask("watch of event loops", scheduler, this::inspect);
    }

    void start() {
        if (inspections != null) {
            inspections.start(INTERVAL);
        }
    }

    void stop() {
        if (inspections != null) {
            inspections.stop();
        }
    }

    private void inspect() {
        long now = state.now();
        long machineNow = Ticker.system().nanos();
        Map<EventLoop, Found> found = new HashMap<>();
        for (TimeoutSweeper sweeper : state.sweepers()) {
            long overdue = sweeper.overdue(now);
            if (overdue > PATIENCE_NANOS) {
                Found before = blocked.getOrDefault(sweeper.loop(), new Found(machineNow, false));
                boolean isNamed = before.isNamed() || machineNow - before.at() > LEAST_NANOS;
                if (isNamed && !before.isNamed()) {
                    name(sweeper.loop(), overdue);
                }
                found.put(sweeper.loop(), new Found(before.at(), isNamed));
            }
        }
        blocked = found;
    }

    private void name(EventLoop loop, long nanos) {
        if (loop instanceof SingleThreadEventExecutor executor) {
            ThreadProperties thread = executor.threadProperties();
            List<StackTraceElement> stack =
                    Arrays.stream(thread.stackTrace()).limit(FRAMES).toList();
            // The scheduler's thread runs deadlines, which an appender that blocks must not hold up.
            LogThread.write(() -> LOG.atError()
                    .addKeyValue("listener", config.name())
                    .addKeyValue("thread", thread.name())
                    .addKeyValue("stack", stack)
                    .log(
                            "Event loop of listener '{}' has been blocked for {} s: none of its connections is served. Code that"
                                    + " may block must not be declared non-blocking",
                            config.name(),
                            nanos / 1_000_000_000));
        }
    }
}
