package io.lynx.benchmarks.event;

import com.sun.management.OperatingSystemMXBean;
import io.lynx.event.Events;
import io.lynx.event.Topic;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;

/**
 * Measures the CPU time of a thousand idle subscriptions: each receives one event, and then none for ten seconds. Before that, the
 * same JVM is measured without subscriptions.
 */
public final class IdleCpu {
    private static final int SUBSCRIPTIONS = 1000;
    private static final long SECONDS = 10;

    private IdleCpu() {}

    /** Prints milliseconds of CPU without and with the subscriptions. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Thread.sleep(2000);
        System.out.printf("without subscriptions: %.1f ms of CPU in %d s%n", idle(system), SECONDS);
        try (Events events = Events.builder().build()) {
            Topic<String> topic = Topic.of("business", "tick", String.class);
            CountDownLatch woken = new CountDownLatch(SUBSCRIPTIONS);
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                events.subscribe(topic, tick -> woken.countDown());
            }
            events.publish(topic, "wake up");
            woken.await();
            Thread.sleep(2000);
            System.out.printf("with %d subscriptions: %.1f ms of CPU in %d s%n", SUBSCRIPTIONS, idle(system), SECONDS);
        }
    }

    private static double idle(OperatingSystemMXBean system) throws InterruptedException {
        long before = system.getProcessCpuTime();
        Thread.sleep(SECONDS * 1000);
        return (system.getProcessCpuTime() - before) / 1e6;
    }
}
