package io.lynx.app;

import io.lynx.config.Masking;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthMonitor;
import io.lynx.health.ReadinessCondition;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Makes the instance not ready while a required plugin is not running, if the cause is inside this process and a restart of
 * the plugin has already failed: another instance may serve what this one cannot. Until then, and if the cause is an external
 * dependency, the application is DEGRADED and the other plugins' routes work. Thread-safe.
 */
final class RequiredPlugins implements Consumer<PluginEvent> {
    private static final String PREFIX = "lynx.required.";

    private final HealthMonitor health;
    private final Predicate<? super Throwable> isExternal;
    private final Map<String, ReadinessCondition> conditions = new ConcurrentHashMap<>();

    /**
     * Creates a consumer that has seen no event.
     *
     * @param isExternal whether the cause of a failure is an external dependency
     */
    RequiredPlugins(HealthMonitor health, Predicate<? super Throwable> isExternal) {
        this.health = health;
        this.isExternal = isExternal;
    }

    @Override
    public void accept(PluginEvent event) {
        if (event instanceof PluginEvent.StateChanged(PluginState before, PluginStatus plugin)
                && plugin.descriptor().required()) {
            switch (plugin.state()) {
                case FAILED, ABANDONED -> failed(before, plugin);
                case RUNNING -> running(plugin.id());
                case NEW, STARTING, STOPPING, STOPPED -> {}
            }
        }
    }

    private void failed(PluginState before, PluginStatus plugin) {
        boolean restartFailed = before == PluginState.STARTING && plugin.restarts() > 0;
        Throwable failure = plugin.failure();
        if (restartFailed && (failure == null || !isExternal.test(failure))) {
            String cause = failure == null ? plugin.state().name() : Masking.mask(UserCode.describe(failure));
            conditions
                    .computeIfAbsent(plugin.id(), id -> health.condition(HealthMonitor.OWN_PLUGIN, PREFIX + id))
                    .notMet("required plugin '" + plugin.id() + "' is not running and a restart failed: " + cause);
        }
    }

    private void running(String id) {
        ReadinessCondition condition = conditions.remove(id);
        if (condition != null) {
            condition.close();
        }
    }
}
