package io.lynx.app;

import io.lynx.container.ListenerStatus;
import io.lynx.container.Traffic;
import io.lynx.extension.watch.PeriodicTask;
import io.lynx.health.HealthMonitor;
import io.lynx.health.ReadinessCondition;
import io.lynx.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the instance not ready while a listener of a required plugin does not accept connections: traffic can go to another
 * instance. A listener is inspected when it opens, and every few seconds. Thread-safe.
 */
final class ListenerReadiness {
    private static final String NAME = "lynx.listeners";
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final HealthMonitor health;
    private final Traffic traffic;
    private final Predicate<String> matters;
    private final PeriodicTask inspections;
    private @Nullable ReadinessCondition condition;

    /**
     * Creates it. No listener is inspected before the first one opens.
     *
     * @param matters whether the listeners of the plugin with this id decide on readiness
     */
    ListenerReadiness(HealthMonitor health, Traffic traffic, Predicate<String> matters, Scheduler scheduler) {
        this.health = health;
        this.traffic = traffic;
        this.matters = matters;
        this.inspections = new PeriodicTask("inspection of listeners", scheduler, this::inspect);
    }

    /** Applies what is known of the listeners, and from the first of them on inspects them every few seconds. */
    synchronized void update() {
        List<ListenerStatus> listeners = traffic.statuses().stream()
                .filter(listener -> matters.test(listener.plugin()))
                .toList();
        String closed = listeners.stream()
                .filter(listener -> !listener.isAccepting())
                .map(listener -> "'" + listener.name() + "' of plugin '" + listener.plugin() + "'")
                .collect(Collectors.joining(", "));
        if (!closed.isEmpty()) {
            if (condition == null) {
                condition = health.condition(HealthMonitor.OWN_PLUGIN, NAME);
            }
            condition.notMet("no connections are accepted by listener " + closed);
        } else if (condition != null) {
            condition.close();
            condition = null;
        }
        if (!listeners.isEmpty()) {
            inspections.start(INTERVAL);
        }
    }

    private void inspect() throws InterruptedException {
        traffic.inspect();
        update();
    }
}
