package io.lynx.health;

import io.lynx.health.HealthCheckOptions.Group;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what differs between the snapshot they last heard of and the present one.
 *
 * <p>Whoever raises {@link #signals} from zero delivers, for all who signal meanwhile, until nobody has: so deliveries
 * never overlap, stay in order, hold no lock and need no queue. A change and its reversal within one delivery cancel out.
 */
final class ChangeNotifier {
    private static final Logger log = LoggerFactory.getLogger(HealthMonitor.class);

    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    private final Supplier<HealthSnapshot> present;
    private final AtomicInteger signals = new AtomicInteger();
    /** Written by the one that delivers alone; {@link #signals} orders the accesses. */
    private HealthSnapshot told = HealthSnapshot.empty();

    ChangeNotifier(Supplier<HealthSnapshot> present) {
        this.present = present;
    }

    void add(HealthListener listener) {
        listeners.add(listener);
    }

    void remove(HealthListener listener) {
        listeners.remove(listener);
    }

    /** Something may have changed. */
    void changed() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        int handled = 1;
        do {
            HealthSnapshot now = present.get();
            HealthSnapshot before = told;
            told = now;
            if (now != before) {
                tellDifferences(before, now);
            }
            handled = signals.addAndGet(-handled);
        } while (handled != 0);
    }

    private void tellDifferences(HealthSnapshot before, HealthSnapshot now) {
        now.changesSince(before, (check, from) -> {
            logChange(check, from);
            tell(new HealthEvent.CheckChanged(check, from));
        });
        for (Group group : Group.values()) {
            if (before.status(group) != now.status(group)) {
                tell(new HealthEvent.StatusChanged(group, before.status(group), now.status(group)));
            }
        }
        if (before.overall() != now.overall()) {
            tell(new HealthEvent.StatusChanged(null, before.overall(), now.overall()));
        }
    }

    void tell(HealthEvent event) {
        for (HealthListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException failed) {
                log.atWarn()
                        .setCause(failed)
                        .addKeyValue("listener", listener.getClass().getName())
                        .log("health: a listener failed");
            }
        }
    }

    private static void logChange(CheckReport check, HealthStatus from) {
        switch (check.status()) {
            case DOWN, OUT_OF_SERVICE, DEGRADED -> {
                log.atWarn()
                        .addKeyValue("check", check.name())
                        .addKeyValue("plugin", check.plugin())
                        .addKeyValue("from", from)
                        .addKeyValue("to", check.status())
                        .addKeyValue("failures", check.consecutiveFailures())
                        .log("health check {}: {}", check.name(), check.error());
            }
            case UP -> {
                if (from != HealthStatus.UNKNOWN) {
                    log.atInfo()
                            .addKeyValue("check", check.name())
                            .addKeyValue("plugin", check.plugin())
                            .addKeyValue("from", from)
                            .log("health check {}: UP again", check.name());
                }
            }
            case UNKNOWN -> {
                if (check.stale()) {
                    log.atWarn()
                            .addKeyValue("check", check.name())
                            .addKeyValue("plugin", check.plugin())
                            .log("health check {}: {}", check.name(), check.error());
                }
            }
        }
    }
}
