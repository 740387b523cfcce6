package io.lynx.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lynx.health.HealthCheckOptions.Group;
import io.lynx.health.HealthSnapshot.Phase;
import io.lynx.testkit.ManualTime;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SnapshotReadTest {
    private static final int READS = 100_000;

    @Test
    void allocatesNothingWithTwoHundredChecks() {
        ManualTime time = new ManualTime();
        HealthMonitor monitor = HealthMonitor.builder(HealthCheckConfig.defaults(), time, () -> 0, Runnable::run)
                .build();
        for (int i = 0; i < 200; i++) {
            var _ = monitor.register("many", "many-" + i, HealthCheckOptions.defaults(), Health::up);
        }
        monitor.start();
        monitor.enter(Phase.SERVING);
        time.advance(Duration.ZERO);
        assertThat(readMany(monitor)).isEqualTo(READS);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int up = readMany(monitor);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(up).isEqualTo(READS);
        assertThat(allocated).as("bytes for " + READS + " reads").isLessThan(READS);
    }

    private static int readMany(HealthMonitor monitor) {
        int up = 0;
        for (int i = 0; i < READS; i++) {
            if (monitor.snapshot().status(Group.READINESS) == HealthStatus.UP) {
                up++;
            }
        }
        return up;
    }
}
