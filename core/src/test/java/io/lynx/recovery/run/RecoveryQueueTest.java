package io.lynx.recovery.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.run.RecoveryQueue.Turn;
import io.lynx.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class RecoveryQueueTest {
    private final List<Component> started = new CopyOnWriteArrayList<>();
    private final List<Component> failed = new CopyOnWriteArrayList<>();

    private static Component component(String name) {
        return new Component(name, new Component.Restarts(3, Duration.ofMinutes(5)));
    }

    private static void queue(RecoveryQueue queue, Component component, ErrorSeverity severity) {
        RecordedError error = ComponentRaceTest.error(severity);
        assertThat(component.offer(RecoveryPolicy.ofError(error.record()), () -> error))
                .isEqualTo(Component.Offer.QUEUED);
        queue.add(component);
    }

    @Test
    void aRecoveryThatCannotBeStartedDelaysNoOther() {
        Component broken = component("broken");
        Component healthy = component("healthy");
        RecoveryQueue queue = new RecoveryQueue(
                (component, _) -> {
                    if (component.equals(broken)) {
                        throw new NoClassDefFoundError("com/example/Missing");
                    }
                    started.add(component);
                    return Turn.OVER;
                },
                component -> {
                    component.hold(new Component.Idle());
                    failed.add(component);
                });

        for (int i = 1; i <= 2; i++) {
            queue(queue, broken, ErrorSeverity.CRITICAL);
            queue(queue, healthy, ErrorSeverity.LOW);
            int rounds = i;
            Await.until("the other one is started", () -> started.size() == rounds && failed.size() == rounds);
            healthy.hold(new Component.Idle());
        }

        assertThat(started).containsOnly(healthy);
        assertThat(failed).containsOnly(broken);
        Await.until("the queue is empty", queue::isIdle);
        queue.endThreadSoon();
    }
}
