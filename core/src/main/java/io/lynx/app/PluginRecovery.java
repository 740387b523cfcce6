package io.lynx.app;

import io.lynx.container.PluginContainer;
import io.lynx.health.HealthMonitor;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.Restarter;
import io.lynx.time.Deadline;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the plugins and the recovery manager: what kills a plugin's thread, keeps an optional plugin from
 * starting, or makes a check of it fail, is recorded as an error of that plugin, and recovering a plugin is restarting it with
 * its dependants.
 * Thread-safe.
 */
final class PluginRecovery implements Restarter {
    private final ErrorRecoveryManager manager;
    private volatile @Nullable PluginContainer container;

    PluginRecovery(
            Blueprint blueprint,
            ApplicationTime time,
            ThreadFactory threads,
            ErrorClassifier classifier,
            HealthMonitor health,
            Consumer<String> requestStop) {
        ErrorRecoveryConfig config = blueprint.binding().get(Blueprint.RECOVERY);
        this.manager = ErrorRecoveryManager.builder()
                .config(config)
                .circuitBreaker(blueprint.binding().get(Blueprint.BREAKERS).common())
                .ticker(time.ticker())
                .scheduler(time.scheduler())
                .clock(time.clock())
                .threads(threads)
                .classifier(classifier)
                .version(blueprint.identity().version())
                .health(health)
                .restarter(config.enabled() ? this : NONE)
                .required(this::isRequired)
                .onShutdown(reason -> requestStop.accept("recovery: " + reason))
                .build();
        var _ = health.addListener("recovery", new CheckRecovery(manager, this::find));
    }

    ErrorRecoveryManager manager() {
        return manager;
    }

    /** From now on there are plugins to restart. */
    void attach(PluginContainer plugins) {
        container = plugins;
    }

    @Override
    public boolean canRestart(String component) {
        return find(component)
                .filter(plugin -> plugin.descriptor().stage() == Stage.SERVICE)
                .isPresent();
    }

    private boolean isRequired(String component) {
        return find(component).filter(plugin -> plugin.descriptor().required()).isPresent();
    }

    private Optional<PluginStatus> find(String id) {
        PluginContainer plugins = container;
        return plugins == null
                ? Optional.empty()
                : plugins.statuses().stream()
                        .filter(plugin -> plugin.id().equals(id))
                        .findFirst();
    }

    @Override
    public void restart(String component, Deadline deadline) throws Exception {
        var _ = Objects.requireNonNull(container).restart(component, deadline);
    }

    /** Records what went wrong in a plugin. */
    void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged changed -> stateChanged(changed.before(), changed.plugin());
            case PluginEvent.ThreadDied died ->
                manager.recordError(died.plugin().id(), died.failure());
            case PluginEvent.StartSlow _,
                    PluginEvent.DeadlineExceeded _,
                    PluginEvent.Abandoned _,
                    PluginEvent.LateResult _,
                    PluginEvent.VirtualMachineFailed _ -> {}
        }
    }

    private void stateChanged(PluginState before, PluginStatus now) {
        boolean isOver = now.state() == PluginState.FAILED || now.state() == PluginState.ABANDONED;
        if (before == PluginState.STARTING && isOver && isForRecovery(now)) {
            manager.recordError(now.id(), Objects.requireNonNull(now.failure()));
        }
    }

    /** Whether the failure of this start is an error to recover from: a required plugin's ends the application, a restart's is the restart's. */
    static boolean isForRecovery(PluginStatus failed) {
        return !failed.descriptor().required() && failed.restarts() == 0 && failed.failure() != null;
    }
}
