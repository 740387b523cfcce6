package io.lynx.app.telemetry;

import io.lynx.config.ConfigEvent;
import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricRegistry;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;

/**
 * Counts reloads of the configuration and its problems. A configuration with problems prevents the start, so only
 * warnings are counted there. Thread-safe.
 */
final class ConfigMetrics implements MetricSource {
    private final MetricRegistry registry;
    private volatile int warnings;

    ConfigMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    void on(ConfigEvent event) {
        switch (event) {
            case ConfigEvent.Loaded loaded -> warnings = loaded.warnings().size();
            case ConfigEvent.Reloaded _ ->
                registry.counter(Catalogue.CONFIG_RELOADS, "success").increment();
            case ConfigEvent.Refused refused -> {
                registry.counter(Catalogue.CONFIG_RELOADS, "failure").increment();
                registry.counter(Catalogue.CONFIG_ERRORS, "reload", "invalid")
                        .add(refused.problems().size());
            }
            case ConfigEvent.Postponed _ -> {}
        }
    }

    /** Every series exists from the start, so that its first increment is visible as one. */
    @Override
    public void collect(Samples out) {
        out.add(Catalogue.CONFIG_ERRORS, warnings, "start", "warning");
        out.add(Catalogue.CONFIG_ERRORS, 0, "reload", "invalid");
        out.add(Catalogue.CONFIG_RELOADS, 0, "success");
        out.add(Catalogue.CONFIG_RELOADS, 0, "failure");
    }
}
