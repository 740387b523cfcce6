package io.lynx.health;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A condition of this instance that its owner knows without running a check: that its listener accepts connections, that a
 * required plugin is running. While it is not met, the instance is not ready. It is shown as an internal, critical check of
 * its name. Thread-safe; made by {@link HealthMonitor#condition}.
 */
public final class ReadinessCondition implements AutoCloseable {
    private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
    private final HealthMonitor monitor;
    private final ScheduledCheck check;

    ReadinessCondition(HealthMonitor monitor, String plugin, String name) {
        this.monitor = monitor;
        this.check = monitor.addOwn(
                plugin, name, HealthCheckOptions.defaults().internal().withThresholds(1, 1), this::health);
    }

    private Health health() {
        String reason = problem.get();
        return reason == null ? Health.up() : Health.down(reason);
    }

    /** Makes the instance not ready, within milliseconds, until {@link #met} or {@link #close} is called. */
    public void notMet(String reason) {
        set(reason);
    }

    /** Marks the condition as met; the instance is ready if nothing else prevents it. */
    public void met() {
        set(null);
    }

    private void set(@Nullable String reason) {
        if (!Objects.equals(problem.getAndSet(reason), reason)) {
            check.runSoon();
        }
    }

    /** Removes the condition. Idempotent. */
    @Override
    public void close() {
        monitor.remove(check);
    }
}
