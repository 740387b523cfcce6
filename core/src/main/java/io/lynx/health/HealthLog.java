package io.lynx.health;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each change of a check's status: WARN for the worse, INFO when it is healthy again. Stateless. */
final class HealthLog implements Consumer<HealthEvent> {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    @Override
    public void accept(HealthEvent event) {
        if (event instanceof HealthEvent.CheckChanged(CheckReport check, HealthStatus from)) {
            log(check, from);
        }
    }

    private static void log(CheckReport check, HealthStatus from) {
        switch (check.status()) {
            case DOWN, OUT_OF_SERVICE, DEGRADED ->
                LOG.atWarn()
                        .addKeyValue("check", check.name())
                        .addKeyValue("plugin", check.plugin())
                        .addKeyValue("from", from)
                        .addKeyValue("to", check.status())
                        .addKeyValue("failures", check.consecutiveFailures())
                        .log("Health check {} is {}: {}", check.name(), check.status(), check.error());
            case UP -> {
                if (from != HealthStatus.UNKNOWN) {
                    LOG.atInfo()
                            .addKeyValue("check", check.name())
                            .addKeyValue("plugin", check.plugin())
                            .addKeyValue("from", from)
                            .log("Health check {} is UP again", check.name());
                }
            }
            case UNKNOWN -> {
                if (check.stale()) {
                    LOG.atWarn()
                            .addKeyValue("check", check.name())
                            .addKeyValue("plugin", check.plugin())
                            .log("Health check {} is UNKNOWN: {}", check.name(), check.error());
                }
            }
        }
    }
}
