package io.lynx.testkit;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryStrategy;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The recovery of a {@link RecordingContext}: a manager of its own whose strategies the context owns. Thread-safe. */
final class RecordingRecovery implements PluginErrorRecovery {
    private final String plugin;
    private final ErrorRecoveryManager manager;
    private final UnaryOperator<Registration> own;

    RecordingRecovery(String plugin, ErrorRecoveryManager manager, UnaryOperator<Registration> own) {
        this.plugin = plugin;
        this.manager = manager;
        this.own = own;
    }

    @Override
    public void recordError(
            @Nullable String errorType,
            @Nullable String message,
            @Nullable String component,
            ErrorSeverity severity,
            @Nullable Map<String, ?> context) {
        manager.recordError(errorType, message, component, severity, context);
    }

    @Override
    public void recordError(Throwable failure) {
        manager.recordError(plugin, failure);
    }

    @Override
    public void recordError(ErrorReport report) {
        manager.recordError(report);
    }

    @Override
    public Registration register(String errorType, RecoveryStrategy strategy) {
        return own.apply(manager.registerRecoveryStrategy(plugin, errorType, strategy));
    }

    @Override
    public Registration registerForAll(String errorType, RecoveryStrategy strategy) {
        return own.apply(manager.registerRecoveryStrategy(errorType, strategy));
    }

    @Override
    public Registration registerForAll(ErrorCategory category, RecoveryStrategy strategy) {
        return own.apply(manager.registerRecoveryStrategy(category, strategy));
    }
}
