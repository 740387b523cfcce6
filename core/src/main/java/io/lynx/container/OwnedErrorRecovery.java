package io.lynx.container;

import io.lynx.extension.Registration;
import io.lynx.plugin.PluginErrorRecovery;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorReport;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryStrategy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application's recovery as one plugin uses it: its strategies are owned by its scope. Thread-safe. */
final class OwnedErrorRecovery implements PluginErrorRecovery {
    private final ErrorRecoveryManager manager;
    private final PluginScope scope;

    OwnedErrorRecovery(ErrorRecoveryManager manager, PluginScope scope) {
        this.manager = manager;
        this.scope = scope;
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
        manager.recordError(scope.id(), failure);
    }

    @Override
    public void recordError(ErrorReport report) {
        manager.recordError(report);
    }

    @Override
    public Registration register(String errorType, RecoveryStrategy strategy) {
        scope.requireOpen("register a recovery strategy");
        return scope.own(
                manager.registerRecoveryStrategy(scope.id(), errorType, strategy), "register a recovery strategy");
    }

    @Override
    public Registration registerForAll(String errorType, RecoveryStrategy strategy) {
        scope.requireOpen("register a recovery strategy");
        return scope.own(manager.registerRecoveryStrategy(errorType, strategy), "register a recovery strategy");
    }

    @Override
    public Registration registerForAll(ErrorCategory category, RecoveryStrategy strategy) {
        scope.requireOpen("register a recovery strategy");
        return scope.own(manager.registerRecoveryStrategy(category, strategy), "register a recovery strategy");
    }
}
