package io.lynx.health;

import io.lynx.time.Scheduler.Scheduled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Shows that the monitor's scheduler still runs what is due: a task that schedules itself, and a check that looks when it
 * last ran. If nothing at all runs any more, the check's own result goes stale, which readers of the snapshot see.
 */
final class Heartbeat implements HealthCheck {
    static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int BEATS_MISSED = 3;

    private final HealthMonitor monitor;
    private final Runnable onBeat;
    private volatile long lastBeat;
    private volatile boolean isStopped;
    private volatile @Nullable Scheduled next;

    Heartbeat(HealthMonitor monitor, Runnable onBeat) {
        this.monitor = monitor;
        this.onBeat = onBeat;
    }

    void start() {
        lastBeat = monitor.now();
        next = monitor.schedule(PERIOD, this::beat);
    }

    void stop() {
        isStopped = true;
        Scheduled waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void beat() {
        if (isStopped) {
            return;
        }
        lastBeat = monitor.now();
        next = monitor.schedule(PERIOD, this::beat);
        onBeat.run();
    }

    @Override
    public Health check() {
        Duration silence = Duration.ofNanos(monitor.now() - lastBeat);
        return silence.compareTo(PERIOD.multipliedBy(BEATS_MISSED)) <= 0
                ? Health.up()
                : Health.down("the scheduler has run nothing for " + silence.toSeconds() + "s");
    }
}
