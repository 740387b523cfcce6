package io.lynx.health;

import java.util.concurrent.Executor;

/**
 * A check as it was registered. Immutable.
 *
 * @param plugin the id of its plugin
 * @param name unique in the application
 * @param options the options of its registration, which the configuration overrides
 * @param check the check itself
 * @param executor runs the check
 */
record CheckDefinition(String plugin, String name, HealthCheckOptions options, HealthCheck check, Executor executor) {
    /**
     * Returns the plan under a configuration.
     *
     * @throws IllegalArgumentException if that does not fit the check
     */
    CheckPlan planUnder(HealthCheckConfig config) {
        return CheckPlan.of("health check '" + name + "' (plugin " + plugin + ")", name, options, config);
    }

    /** Returns the report of these results. */
    CheckReport report(CheckResults results, CheckPlan plan, boolean isHanging) {
        return results.report(name, plugin, options.isInternal(), plan, isHanging);
    }
}
