package io.lynx.health;

import io.lynx.time.Scheduler.Scheduled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the monitor's scheduler runs tasks that are due: a task schedules itself, and the check reports when it
 * last ran. If the scheduler runs nothing at all, the result of this check becomes too old, which readers of the
 * snapshot notice.
 */
final class Heartbeat implements HealthCheck {
    static final Duration PERIOD = Duration.ofSeconds(5);
    private static final int MAX_MISSED_BEATS = 3;

    private final CheckRuntime runtime;
    private volatile long lastBeat;
    private volatile boolean isStopped;
    private volatile @Nullable Scheduled next;

    Heartbeat(CheckRuntime runtime) {
        this.runtime = runtime;
    }

    void start() {
        lastBeat = runtime.now();
        next = runtime.schedule(PERIOD, this::beat);
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
        lastBeat = runtime.now();
        next = runtime.schedule(PERIOD, this::beat);
        runtime.publisher().publishChanges(); // Publishes results that became too old without a run.
    }

    @Override
    public Health check() {
        Duration silence = Duration.ofNanos(runtime.now() - lastBeat);
        return silence.compareTo(PERIOD.multipliedBy(MAX_MISSED_BEATS)) <= 0
                ? Health.up()
                : Health.down("the scheduler has run nothing for " + silence.toSeconds() + "s");
    }
}
