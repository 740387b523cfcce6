package io.lynx.app;

import io.lynx.container.PluginContainer;
import io.lynx.context.Tracing;
import io.lynx.extension.UserCode;
import io.lynx.health.HealthMonitor;
import io.lynx.job.JobOutcome;
import io.lynx.plugin.PluginDescriptor.Stage;
import io.lynx.plugin.PluginEvent;
import io.lynx.plugin.PluginState;
import io.lynx.plugin.PluginStatus;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorOrigin;
import io.lynx.recovery.ErrorRecoveryConfig;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.Restarter;
import io.lynx.resilience.CircuitBreakers;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects the plugins with the recovery manager. What ends a plugin's thread, keeps an optional plugin from starting, or
 * makes one of its health checks fail is recorded as an error of the plugin; a restart goes through the plugin container.
 * Thread-safe.
 */
final class PluginRecovery implements Restarter {
    private final ErrorRecoveryManager manager;
    private volatile @Nullable PluginContainer container;

    PluginRecovery(
            Blueprint blueprint,
            ApplicationTime time,
            ErrorClassifier classifier,
            HealthMonitor health,
            CircuitBreakers breakers,
            Tracing tracing,
            Consumer<String> exhausted) {
        ErrorRecoveryConfig config = blueprint.binding().get(Blueprint.RECOVERY);
        this.manager = ErrorRecoveryManager.builder()
                .config(config)
                .circuitBreaker(blueprint.binding().get(Blueprint.BREAKERS).common())
                .callBreakers(breakers)
                .ticker(time.ticker())
                .scheduler(time.scheduler())
                .clock(time.clock())
                .classifier(classifier)
                .environment(String.join(",", blueprint.config().profiles()))
                .version(blueprint.identity().version())
                .health(health)
                .restarter(config.enabled() ? this : NONE)
                .required(this::isRequired)
                .onShutdown(exhausted)
                .tracing(tracing)
                .build();
        CheckRecovery checks = new CheckRecovery(manager, breakers, this::find, health::runSoon);
        var _ = health.addListener("recovery", checks);
        var _ = breakers.addListener("recovery", checks::on);
    }

    ErrorRecoveryManager manager() {
        return manager;
    }

    /** Sets the plugins, which are made later. */
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
    public boolean isRunning(String component) {
        return find(component)
                .filter(plugin -> plugin.state() != PluginState.FAILED && plugin.state() != PluginState.ABANDONED)
                .filter(plugin -> plugin.state() != PluginState.STOPPED)
                .isPresent();
    }

    @Override
    public void restart(String component) throws Exception {
        var _ = Objects.requireNonNull(container).restart(component);
    }

    /** Records what went wrong in a plugin. */
    void on(PluginEvent event) {
        switch (event) {
            case PluginEvent.StateChanged changed -> stateChanged(changed.before(), changed.plugin());
            case PluginEvent.ThreadDied died -> record(died.plugin().id(), died.failure());
            case PluginEvent.JobFinished finished -> jobFinished(finished);
            case PluginEvent.JobOverdue _,
                    PluginEvent.LeadershipChanged _,
                    PluginEvent.StartSlow _,
                    PluginEvent.DeadlineExceeded _,
                    PluginEvent.Abandoned _,
                    PluginEvent.LateResult _,
                    PluginEvent.VirtualMachineFailed _ -> {}
        }
    }

    /** A job that fails runs again at its next time, so its error is recorded and starts no recovery. */
    private void jobFinished(PluginEvent.JobFinished finished) {
        Throwable failure = finished.failure();
        if (finished.outcome() == JobOutcome.FAILURE && failure != null) {
            manager.recordError(ErrorReport.builder(finished.plugin().id())
                    .origin(ErrorOrigin.job(finished.job()))
                    .errorType("job_failed")
                    .severity(ErrorSeverity.LOW)
                    .message(finished.job() + ": " + UserCode.describe(failure))
                    .throwable(failure)
                    .context(Map.of("job", finished.job()))
                    .build());
        }
    }

    private void stateChanged(PluginState before, PluginStatus now) {
        boolean isOver = now.state() == PluginState.FAILED || now.state() == PluginState.ABANDONED;
        if (before == PluginState.STARTING && isOver && isForRecovery(now)) {
            record(now.id(), Objects.requireNonNull(now.failure()));
        }
    }

    /**
     * Returns whether recovery has to handle the failure of this start. That of a required plugin ends the application, and
     * that of a restart belongs to the restart.
     */
    static boolean isForRecovery(PluginStatus failed) {
        return !failed.descriptor().required() && failed.restarts() == 0 && failed.failure() != null;
    }

    private void record(String plugin, Throwable failure) {
        manager.recordError(ErrorReport.builder(plugin)
                .throwable(failure)
                .classification(classify(manager.classifier(), failure))
                .build());
    }

    /**
     * Classifies what made a plugin fail: at least as severe, since the plugin is not running. An invalid argument or an
     * interrupt that ends a plugin's thread comes from the plugin, not from a client or a caller.
     */
    static Classification classify(ErrorClassifier classifier, Throwable failure) {
        Classification known = classifier.classify(failure);
        ErrorCategory category = known.category() == ErrorCategory.VALIDATION ? ErrorCategory.PLUGIN : known.category();
        Disposition disposition =
                known.disposition() == Disposition.CANCELLED || known.disposition() == Disposition.REJECTED
                        ? Disposition.UNKNOWN
                        : known.disposition();
        ErrorSeverity severity =
                known.severity().compareTo(ErrorSeverity.HIGH) < 0 ? ErrorSeverity.HIGH : known.severity();
        return new Classification(known.errorType(), category, severity, disposition, known.retryAfter());
    }
}
